import QtQuick
import QtQuick.Templates as T

T.Button {
    id: control
    property bool primary: false

    implicitHeight: Theme.control
    implicitWidth: contentItem.implicitWidth + leftPadding + rightPadding
    leftPadding: 12
    rightPadding: 12
    focusPolicy: Qt.TabFocus
    Accessible.role: Accessible.Button
    Accessible.name: text
    Accessible.onPressAction: clicked()
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()

    contentItem: Text {
        text: control.text
        color: control.primary ? Theme.accentText : Theme.text
        font.pixelSize: Theme.small
        font.weight: Font.Medium
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
        elide: Text.ElideRight
    }
    background: Rectangle {
        radius: Theme.radius
        color: control.primary ? Theme.accent : control.hovered || control.down ? Theme.line : Theme.base
        opacity: control.primary && (control.hovered || control.down) ? 0.88 : 1
        border { width: control.primary ? 0 : 1; color: Theme.line }
        FocusRing { control: control }
    }
}
