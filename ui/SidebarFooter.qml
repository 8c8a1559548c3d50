import QtQuick
import Altiplano.App

// Below the chats: which of them are shown, and what concerns them all.
Item {
    id: footer
    required property ChatListModel chats
    signal importWanted()
    signal exportWanted()
    signal settingsWanted()

    implicitHeight: Theme.control

    TextButton {
        anchors { left: parent.left; right: settingsButton.left; rightMargin: 4; verticalCenter: parent.verticalCenter }
        visible: footer.chats.view !== ChatListModel.Present
        text: qsTr("Back to the chats")
        onClicked: footer.chats.view = ChatListModel.Present
    }
    IconButton {
        id: settingsButton
        objectName: "settingsButton"
        anchors { right: button.left; rightMargin: 4; verticalCenter: parent.verticalCenter }
        iconName: "settings"
        text: qsTr("Settings")
        hint: qsTr("Settings (Ctrl+,)")
        onClicked: footer.settingsWanted()
    }
    IconButton {
        id: button
        objectName: "chatsMenuButton"
        anchors { right: parent.right; verticalCenter: parent.verticalCenter }
        iconName: "more"
        text: qsTr("More about chats")
        onClicked: menu.popup(button, 0, -menu.implicitHeight)
        MenuPanel {
            id: menu
            objectName: "chatsMenu"
            MenuRow {
                text: qsTr("Archived chats")
                iconName: "archive"
                detail: Format.count(footer.chats.archivedCount)
                onTriggered: footer.chats.view = ChatListModel.Archived
            }
            MenuRow {
                text: qsTr("Deleted chats")
                iconName: "trash"
                detail: Format.count(footer.chats.deletedCount)
                onTriggered: footer.chats.view = ChatListModel.Deleted
            }
            MenuRow {
                text: qsTr("Import chats…")
                iconName: "import"
                onTriggered: footer.importWanted()
            }
            MenuRow {
                text: qsTr("Save all chats…")
                iconName: "export"
                onTriggered: footer.exportWanted()
            }
        }
    }
}
