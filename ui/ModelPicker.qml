import QtQuick
import QtQml.Models
import Altiplano.App

// The menu under the model chip: recent models, and ways to all others.
MenuPanel {
    id: picker
    required property ModelController model
    signal chooseFile()
    signal allModels()

    implicitWidth: 360

    Instantiator {
        model: picker.model.choices
        delegate: MenuRow {
            required property string modelData
            text: Format.fileName(modelData)
            iconName: modelData === picker.model.path ? "check" : "mark"
            onTriggered: if (modelData !== picker.model.path) picker.model.open(modelData)
        }
        onObjectAdded: (index, object) => picker.insertItem(index, object)
        onObjectRemoved: (index, object) => picker.removeItem(object)
    }
    // A group of remote models goes here.
    MenuRow {
        text: qsTr("All models…")
        iconName: "search"
        detail: qsTr("Ctrl+Shift+M")
        onTriggered: picker.allModels()
    }
    MenuRow {
        text: qsTr("Open a model file…")
        iconName: "folder"
        detail: qsTr("Ctrl+O")
        onTriggered: picker.chooseFile()
    }
}
