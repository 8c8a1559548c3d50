import QtQuick
import Altiplano.App

// The files that go with what is being written.
Flow {
    id: files
    required property Draft draft

    visible: draft.count > 0
    spacing: Theme.unit
    Repeater {
        model: files.draft
        delegate: Rectangle {
            id: file
            required property int index
            required property string name
            required property int tokens
            width: chip.width + remove.width + 16
            height: Theme.control
            radius: Theme.radius
            color: Theme.raised
            FileChip {
                id: chip
                anchors { left: parent.left; leftMargin: 10; verticalCenter: parent.verticalCenter }
                name: file.name
                detail: file.tokens >= 0 ? qsTr("%n token(s)", "", file.tokens) : ""
            }
            IconButton {
                id: remove
                anchors { right: parent.right; verticalCenter: parent.verticalCenter }
                iconName: "close"
                iconSize: 14
                text: qsTr("Remove %1").arg(file.name)
                onClicked: files.draft.remove(file.index)
            }
        }
    }
}
