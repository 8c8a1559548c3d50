import QtQuick
import QtQuick.Templates as T
import Altiplano.Ui

// On or off.
T.Switch {
    id: control
    required property string name
    property string description

    implicitWidth: Math.round(40 * Theme.fontScale)
    implicitHeight: Math.round(24 * Theme.fontScale)
    focusPolicy: Qt.TabFocus
    Accessible.role: Accessible.CheckBox
    Accessible.name: name
    Accessible.description: description
    Accessible.checked: checked
    Accessible.onPressAction: click()
    Accessible.onToggleAction: click()
    Keys.onReturnPressed: click()
    Keys.onEnterPressed: click()

    function click() {
        toggle()
        toggled()
    }

    indicator: Rectangle {
        anchors.fill: parent
        radius: height / 2
        color: control.checked ? Theme.accent : Theme.line
        Behavior on color { ColorAnimation { duration: Theme.fade } }
        FocusRing {
            control: control
            radius: height / 2
        }
        Rectangle {
            readonly property real end: control.mirrored ? 3 : parent.width - width - 3
            readonly property real start: control.mirrored ? parent.width - width - 3 : 3
            x: control.checked ? end : start
            anchors.verticalCenter: parent.verticalCenter
            width: parent.height - 6
            height: width
            radius: width / 2
            color: control.checked ? Theme.accentText : Theme.base
            border { width: control.checked ? 0 : 1; color: Theme.textDim }
            Behavior on x { NumberAnimation { duration: Theme.fade } }
        }
    }
}
