import QtQuick
import Altiplano.App
import Altiplano.Ui

// Holds the performance view at the right of the window: beside the chat where there is room for both, else
// as a drawer over it. Nothing of the view exists while it is closed.
Item {
    id: column
    required property AppContext app
    readonly property PerformanceModel performance: app.performance
    readonly property bool drawer: parent.width < Theme.column + 1
    property bool wide: false // over the whole chat
    property real chatStart: 0 // where the chat begins: what the sidebar takes
    readonly property real taken: performance.open && !drawer && !wide ? width : 0 // from the chat's width
    signal closed()

    function toggle() {
        performance.open = !performance.open
        if (!performance.open) {
            wide = false
            closed()
        }
    }

    width: wide ? parent.width - chatStart : Math.min(Math.round(360 * Theme.fontScale), parent.width)
    visible: performance.open

    Shortcut {
        sequence: "Escape"
        enabled: column.visible && (column.drawer || column.wide) && !column.app.chat.busy
        onActivated: column.wide ? column.wide = false : column.toggle()
    }
    MouseArea { // outside the drawer
        visible: column.drawer
        x: Theme.mirrored ? column.width : -column.x
        width: column.parent.width - column.width
        height: column.height
        onClicked: column.toggle()
        Rectangle {
            anchors.fill: parent
            color: "black"
            opacity: 0.35
        }
    }
    Connections {
        target: column.app.language
        function onChanged() { // much of it is drawn with its words
            view.active = false
            view.active = Qt.binding(() => column.performance.open)
        }
    }
    Loader {
        id: view
        anchors.fill: parent
        active: column.performance.open
        sourceComponent: PerformanceView {
            app: column.app
            wide: column.wide
            onWideRequested: column.wide = !column.wide
            onCloseRequested: column.toggle()
        }
    }
}
