import QtQuick

// How far something has come. What a screen reader gets is the inner item: Qt tells it of each change of a
// property named "value", which for a progress bar it has no way to ask for.
Item {
    id: bar
    property real value: 0 // 0..1
    property string label

    implicitHeight: 4

    Rectangle {
        anchors.fill: parent
        radius: 2
        color: Theme.line
        Accessible.role: Accessible.ProgressBar
        Accessible.name: qsTr("%1: %2 %").arg(bar.label).arg(Math.round(bar.value * 100))
    }
    Rectangle {
        width: Math.max(4, parent.width * Math.min(1, bar.value))
        height: parent.height
        radius: 2
        color: Theme.accent
        visible: bar.value > 0
    }
}
