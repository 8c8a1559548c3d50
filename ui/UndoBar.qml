import QtQuick
import Altiplano.App

// The chat that was just put away, and the way back.
Rectangle {
    id: bar
    required property ChatListModel chats

    height: visible ? Theme.control + 8 : 0
    visible: chats.undoKind !== ChatListModel.NoUndo
    radius: Theme.radius
    color: Theme.base
    border { width: 1; color: Theme.line }
    Accessible.role: Accessible.Notification // spoken when it is shown
    Accessible.name: label.text

    Label {
        id: label
        anchors { left: parent.left; leftMargin: 12; right: button.left; rightMargin: 8; verticalCenter: parent.verticalCenter }
        text: bar.chats.undoKind === ChatListModel.UndoArchive ? qsTr("Archived “%1”").arg(bar.chats.undoTitle)
                                                               : qsTr("Deleted “%1”").arg(bar.chats.undoTitle)
        Accessible.ignored: true
    }
    TextButton {
        id: button
        anchors { right: parent.right; rightMargin: 4; verticalCenter: parent.verticalCenter }
        text: qsTr("Undo")
        onClicked: bar.chats.undo()
    }
}
