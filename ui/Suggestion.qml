import QtQuick
import QtQuick.Templates as T

T.Button {
    id: control
    implicitHeight: Theme.control + 12
    focusPolicy: Qt.TabFocus
    Accessible.role: Accessible.Button
    Accessible.name: text
    Accessible.onPressAction: clicked()
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()

    contentItem: Item {
        Label {
            anchors { left: parent.left; leftMargin: 16; right: arrow.left; rightMargin: 8; verticalCenter: parent.verticalCenter }
            text: control.text
            font.pixelSize: Theme.body
            Accessible.ignored: true
        }
        Icon {
            id: arrow
            anchors { right: parent.right; rightMargin: 12; verticalCenter: parent.verticalCenter }
            name: "send"
            size: 16
            color: control.hovered || control.visualFocus ? Theme.accent : Theme.textDim
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: control.hovered || control.down ? Theme.raised : "transparent"
        border { width: 1; color: Theme.line }
        FocusRing { control: control }
    }
}
