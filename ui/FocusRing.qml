import QtQuick

// Around the control that has the keyboard focus.
Rectangle {
    required property Item control

    anchors.fill: parent
    anchors.margins: -2
    visible: control.visualFocus
    radius: Theme.radius + 2
    color: "transparent"
    border { width: 2; color: Theme.accent }
}
