import QtQuick

// Says for a moment that it has copied.
IconButton {
    id: button
    property bool done: false

    iconName: done ? "check" : "copy"
    iconSize: 16
    implicitWidth: Theme.control - 4
    implicitHeight: Theme.control - 4
    hint: done ? qsTr("Copied") : text
    onClicked: {
        done = true
        doneTimer.restart()
    }
    Timer {
        id: doneTimer
        interval: 1500
        onTriggered: button.done = false
    }
}
