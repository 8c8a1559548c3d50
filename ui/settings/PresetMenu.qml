import QtQuick
import QtQml.Models
import Altiplano.App
import Altiplano.Ui

// All presets, to choose one for a chat.
MenuPanel {
    id: menu
    required property PresetModel presets
    property string current
    property bool editable: true // leads to where they are edited
    objectName: "presetMenu"
    signal chosen(string preset)
    signal managed()

    Instantiator {
        model: menu.presets
        delegate: MenuRow {
            required property string presetId
            required property string name
            text: name
            iconName: presetId === menu.current ? "check" : "tune"
            onTriggered: menu.chosen(presetId)
        }
        onObjectAdded: (index, object) => menu.insertItem(index, object)
        onObjectRemoved: (index, object) => menu.removeItem(object)
    }
    MenuRow {
        text: qsTr("Edit presets…")
        iconName: "edit"
        visible: menu.editable
        height: visible ? implicitHeight : 0
        onTriggered: menu.managed()
    }
}
