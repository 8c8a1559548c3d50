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
    readonly property real taken: performance.open && !drawer ? width : 0 // from the chat's width
    signal closed()

    function toggle() {
        performance.open = !performance.open
        if (!performance.open)
            closed()
    }

    width: Math.min(Math.round(360 * Theme.fontScale), parent.width)
    visible: performance.open

    Shortcut { sequence: "F10"; onActivated: column.toggle() }
    Shortcut {
        sequence: "Escape"
        enabled: column.drawer && column.visible && !column.app.chat.busy
        onActivated: column.toggle()
    }
    MouseArea { // outside the drawer
        visible: column.drawer
        x: -column.x
        width: column.x
        height: column.height
        onClicked: column.toggle()
        Rectangle {
            anchors.fill: parent
            color: "black"
            opacity: 0.35
        }
    }
    Loader {
        anchors.fill: parent
        active: column.performance.open
        sourceComponent: PerformanceView {
            app: column.app
            onCloseRequested: column.toggle()
        }
    }
}
