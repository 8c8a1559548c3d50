import QtQuick
import Altiplano.App
import Altiplano.Ui

// Says above the composer that what is written goes elsewhere, and where.
Item {
    id: note
    required property ModelController model
    readonly property string host: model.deviceName

    objectName: "remoteNote"
    visible: model.backend === "remote"
    implicitHeight: label.implicitHeight + 9

    Rectangle {
        width: parent.width
        height: 1
        color: Theme.line
    }
    Icon {
        id: icon
        anchors { left: parent.left; bottom: parent.bottom }
        name: note.model.encrypted ? "link" : "warning"
        size: 16
        color: note.model.encrypted ? Theme.textDim : Theme.warn
    }
    Label {
        id: label
        anchors { left: icon.right; leftMargin: Theme.unit; right: parent.right; bottom: parent.bottom }
        color: Theme.textDim
        wrapMode: Text.Wrap
        maximumLineCount: 3
        text: !note.model.leavesComputer ? qsTr("What you write goes to %1, another program on this computer.").arg(note.host)
            : note.model.encrypted ? qsTr("What you write leaves this computer and goes to %1.").arg(note.host)
            : qsTr("What you write leaves this computer and goes to %1, not encrypted.").arg(note.host)
    }
}
