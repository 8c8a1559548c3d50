import QtQuick

Rectangle {
    id: bar
    property real value: 0 // 0..1
    property string label

    implicitHeight: 4
    radius: 2
    color: Theme.line
    Accessible.role: Accessible.ProgressBar
    Accessible.name: qsTr("%1: %2 %").arg(label).arg(Math.round(value * 100))

    Rectangle {
        width: Math.max(parent.radius * 2, parent.width * Math.min(1, bar.value))
        height: parent.height
        radius: parent.radius
        color: Theme.accent
        visible: bar.value > 0
    }
}
