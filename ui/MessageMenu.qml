import QtQuick
import Altiplano.App

// What can be done with a message, and with what is selected.
MenuPanel {
    id: menu
    required property Item conversation
    property Item row
    property var links: [] // that can be opened from here
    width: Math.min(implicitWidth, 360)
    readonly property ChatController chat: conversation.app.chat
    readonly property bool mine: row !== null && row.mine
    readonly property int branch: row ? row.branchIndex : 0
    readonly property int branches: row ? row.branchCount : 1

    function openFor(item: Item, targets: var) {
        row = item
        links = targets
    }

    Instantiator {
        model: menu.links
        delegate: MenuRow {
            required property string modelData
            text: qsTr("Open %1").arg(modelData.replace(/^https?:\/\//, ""))
            iconName: "link"
            onTriggered: menu.conversation.linkPrompt.ask(modelData)
        }
        onObjectAdded: (index, object) => menu.addItem(object)
        onObjectRemoved: (index, object) => menu.removeItem(object)
    }
    MenuRow {
        text: conversation.selection.empty ? qsTr("Copy") : qsTr("Copy selection")
        iconName: "copy"
        onTriggered: menu.conversation.copySelectionOr(menu.row.message)
    }
    MenuRow {
        text: qsTr("Edit")
        iconName: "edit"
        visible: menu.mine
        height: visible ? implicitHeight : 0
        enabled: menu.chat.canSend
        onTriggered: menu.conversation.editRequested(menu.row.message)
    }
    MenuRow {
        text: qsTr("Answer again")
        iconName: "regenerate"
        visible: !menu.mine
        height: visible ? implicitHeight : 0
        enabled: menu.chat.canSend
        onTriggered: menu.chat.regenerate(menu.row.message)
    }
    MenuRow {
        text: qsTr("Continue")
        iconName: "continue"
        visible: menu.row !== null && menu.row.last && menu.chat.canContinue
        height: visible ? implicitHeight : 0
        onTriggered: menu.chat.continueAnswer()
    }
    MenuRow {
        text: qsTr("Previous version")
        iconName: "chevron-left"
        visible: menu.branches > 1
        height: visible ? implicitHeight : 0
        enabled: menu.branch > 0
        onTriggered: menu.chat.showBranch(menu.row.message, menu.branch - 1)
    }
    MenuRow {
        text: qsTr("Next version")
        iconName: "chevron-right"
        visible: menu.branches > 1
        height: visible ? implicitHeight : 0
        enabled: menu.branch + 1 < menu.branches
        onTriggered: menu.chat.showBranch(menu.row.message, menu.branch + 1)
    }
}
