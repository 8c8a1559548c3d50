import QtQuick
import Altiplano.App
import Altiplano.Ui

// What can be done with a model file.
MenuPanel {
    id: menu
    required property ModelController controller
    required property ModelLibrary library
    property Item card: null // may be gone by the time something is chosen
    property string path
    property string name
    property bool usable: false
    readonly property bool inUse: controller.state === ModelController.Ready && controller.path === path
    property bool removing: false
    signal trashRequested()
    signal settingsRequested(ModelCard card)

    objectName: "modelMenu"

    function openFor(item: ModelCard, at: Item) {
        card = item
        path = item.path
        name = item.name
        usable = item.usable
        removing = false
        popup(at, at.width - width, at.height)
    }
    // The focus is back where it was by then.
    onClosed: {
        if (removing) trashRequested()
        else if (card) card.forceActiveFocus()
    }

    MenuRow {
        text: menu.inUse ? qsTr("Unload") : qsTr("Load")
        iconName: menu.inUse ? "stop" : "mark"
        visible: menu.usable
        height: visible ? implicitHeight : 0
        onTriggered: {
            if (menu.inUse) menu.controller.unload()
            else menu.controller.open(menu.path)
        }
    }
    MenuRow {
        text: qsTr("Settings…")
        iconName: "adjust"
        visible: menu.usable
        height: visible ? implicitHeight : 0
        onTriggered: if (menu.card) menu.settingsRequested(menu.card)
    }
    MenuRow {
        text: qsTr("Show in files")
        iconName: "folder"
        onTriggered: menu.library.showInFiles(menu.path)
    }
    MenuRow {
        text: qsTr("Move to the trash…")
        iconName: "trash"
        onTriggered: menu.removing = true
    }
}
