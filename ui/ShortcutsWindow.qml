import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T

// Lists what keys do. In a file of its own: it is loaded when it is asked for.
T.Popup {
    id: popup
    required property Commands commands
    property var list: []
    property Item before: null // had the focus
    readonly property var places: list.map(one => one.place).filter((place, i, all) => all.indexOf(place) === i)

    objectName: "shortcuts"
    Component.onCompleted: list = commands.all()
    onAboutToShow: before = commands.Window.activeFocusItem
    onClosed: if (before) before.forceActiveFocus(Qt.PopupFocusReason)
    parent: T.Overlay.overlay
    anchors.centerIn: parent
    width: Math.min(parent ? parent.width - 48 : 0, Math.round(480 * Theme.fontScale))
    height: Math.min(parent ? parent.height - 48 : 0, lines.implicitHeight + header.height + 2 * padding + 8)
    padding: 16
    modal: true
    focus: true
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside

    contentItem: FocusScope {
        RowLayout {
            id: header
            width: parent.width
            Label {
                Layout.fillWidth: true
                text: qsTr("Shortcuts")
                font { pixelSize: Theme.title; weight: Font.DemiBold }
                Accessible.role: Accessible.Heading
            }
            IconButton {
                focus: true
                iconName: "close"
                text: qsTr("Close the shortcuts")
                onClicked: popup.close()
            }
        }
        Flickable {
            id: page
            objectName: "shortcutList"
            anchors { top: header.bottom; topMargin: 8; bottom: parent.bottom; left: parent.left; right: parent.right }
            contentHeight: lines.implicitHeight
            boundsBehavior: Flickable.StopAtBounds
            clip: true
            activeFocusOnTab: true
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Shortcuts")
            Accessible.focusable: true
            T.ScrollBar.vertical: ThinScrollBar {}

            Column {
                id: lines
                width: parent.width - 12
                Repeater {
                    model: popup.places
                    delegate: Column {
                        id: group
                        required property string modelData
                        width: lines.width
                        bottomPadding: 12
                        Label {
                            text: group.modelData
                            height: Theme.control
                            verticalAlignment: Text.AlignVCenter
                            font.weight: Font.DemiBold
                            Accessible.role: Accessible.Heading
                        }
                        Repeater {
                            model: popup.list.filter(one => one.place === group.modelData)
                            delegate: RowLayout {
                                id: line
                                required property var modelData
                                width: group.width
                                height: Math.round(28 * Theme.fontScale)
                                Accessible.role: Accessible.ListItem
                                Accessible.name: line.modelData.text + ": " + line.modelData.keys
                                Label {
                                    Layout.fillWidth: true
                                    text: line.modelData.text
                                    Accessible.ignored: true
                                }
                                Label {
                                    text: line.modelData.keys
                                    color: Theme.textDim
                                    Accessible.ignored: true
                                }
                            }
                        }
                    }
                }
            }
        }
        Rectangle {
            anchors { fill: page; margins: -2 }
            visible: page.activeFocus
            radius: Theme.radius
            color: "transparent"
            border { width: 2; color: Theme.accent }
        }
        Keys.onPressed: event => {
            const by = event.key === Qt.Key_Down ? 40 : event.key === Qt.Key_Up ? -40
                     : event.key === Qt.Key_PageDown ? page.height : event.key === Qt.Key_PageUp ? -page.height : 0
            page.contentY = Math.max(0, Math.min(page.contentHeight - page.height, page.contentY + by))
            event.accepted = by !== 0
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: Theme.base
        border { width: 1; color: Theme.line }
        Accessible.role: Accessible.Dialog
        Accessible.name: qsTr("Shortcuts")
    }
}
