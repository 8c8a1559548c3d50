import QtQuick
import QtQuick.Templates as T

// A button that shows an icon only: its text is the tooltip and what a screen reader says.
T.Button {
    id: control
    required property string iconName
    property string hint: text
    property int iconSize: 18

    implicitWidth: Theme.control
    implicitHeight: Theme.control
    focusPolicy: Qt.TabFocus
    opacity: enabled ? 1 : 0.4
    Accessible.role: Accessible.Button
    Accessible.name: text
    Accessible.onPressAction: clicked()
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()

    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            name: control.iconName
            size: control.iconSize
            color: control.hovered || control.visualFocus ? Theme.text : Theme.textDim
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: control.hovered || control.down ? Theme.raised : "transparent"
        FocusRing { control: control }
    }
    Tip {
        visible: control.hovered && control.hint !== ""
        text: control.hint
    }
}
