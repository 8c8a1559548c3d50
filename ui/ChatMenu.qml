import QtQuick
import Altiplano.App

// What can be done with a chat of the list.
MenuPanel {
    id: menu
    required property ChatListModel chats
    property Item row: null // may be gone by the time something is chosen
    property var chatId: 0
    property bool pinned: false
    property bool archived: false
    property bool gone: false
    property bool renaming: false
    property bool current: false
    objectName: "chatMenu"
    signal saved(var chatId, string suffix)
    signal copied()
    signal settingsWanted()

    function openFor(item: ChatRow) {
        row = item
        chatId = item.chatId
        pinned = item.pinned
        archived = item.archived
        gone = item.deleted
        current = item.current
        renaming = false
        popup(item, item.width - 24, item.height)
    }
    // The focus is back where it was by then.
    onClosed: {
        if (!row) return
        if (renaming) row.rename()
        else row.forceActiveFocus()
    }

    MenuRow {
        text: qsTr("Bring back")
        iconName: "restore"
        visible: menu.gone
        height: visible ? implicitHeight : 0
        onTriggered: menu.chats.restore(menu.chatId)
    }
    MenuRow {
        text: qsTr("Rename")
        iconName: "edit"
        detail: qsTr("F2")
        visible: !menu.gone
        height: visible ? implicitHeight : 0
        onTriggered: menu.renaming = true
    }
    MenuRow {
        text: menu.pinned ? qsTr("Unpin") : qsTr("Pin to the top")
        iconName: "pin"
        visible: !menu.gone
        height: visible ? implicitHeight : 0
        onTriggered: menu.chats.setPinned(menu.chatId, !menu.pinned)
    }
    MenuRow {
        text: qsTr("Duplicate")
        iconName: "duplicate"
        visible: !menu.gone
        height: visible ? implicitHeight : 0
        onTriggered: menu.chats.duplicate(menu.chatId)
    }
    MenuRow {
        text: menu.archived ? qsTr("Back from the archive") : qsTr("Archive")
        iconName: "archive"
        visible: !menu.gone
        height: visible ? implicitHeight : 0
        onTriggered: menu.chats.setArchived(menu.chatId, !menu.archived)
    }
    MenuRow {
        text: qsTr("Settings of this chat…")
        iconName: "tune"
        detail: qsTr("Ctrl+.")
        visible: menu.current && !menu.gone
        height: visible ? implicitHeight : 0
        onTriggered: menu.settingsWanted()
    }
    MenuRow {
        text: qsTr("Copy the whole chat")
        iconName: "copy"
        visible: menu.current && !menu.gone
        height: visible ? implicitHeight : 0
        onTriggered: menu.copied()
    }
    MenuRow {
        text: qsTr("Save as Markdown…")
        iconName: "export"
        onTriggered: menu.saved(menu.chatId, "md")
    }
    MenuRow {
        text: qsTr("Save as JSON…")
        iconName: "export"
        onTriggered: menu.saved(menu.chatId, "json")
    }
    MenuRow {
        text: qsTr("Delete")
        iconName: "trash"
        detail: qsTr("Ctrl+Del")
        visible: !menu.gone
        height: visible ? implicitHeight : 0
        onTriggered: menu.chats.remove(menu.chatId)
    }
}
