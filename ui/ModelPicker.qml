import QtQuick
import QtQml.Models
import QtQuick.Templates as T
import Altiplano.App

// The menu under the model chip: recent models, and ways to all others.
MenuPanel {
    id: picker
    required property AppContext app
    readonly property ModelController model: app.model
    signal chooseFile()
    signal allModels()
    signal endpointWanted(string endpoint) // to be edited; empty: added

    implicitWidth: 360

    readonly property int many: 12 // rows, from which on a field finds them

    onClosed: {
        app.remote.closeAll()
        search.text = ""
    }

    T.MenuItem {
        id: finder
        visible: picker.app.remote.count > picker.many || search.text !== ""
        height: visible ? Theme.control + 8 : 0
        activeFocusOnTab: false
        Accessible.ignored: true
        contentItem: Item {
            SearchField {
                id: search
                objectName: "modelPickerSearch"
                anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: 8 }
                placeholder: qsTr("Search models")
                hint: qsTr("Search the models of the servers")
                flashMs: picker.app.appearance.caretFlashMs
            }
        }
        onVisibleChanged: if (visible) search.forceActiveFocus()
    }

    Instantiator {
        id: choices
        model: picker.model.choices
        delegate: MenuRow {
            required property string modelData
            text: picker.app.remote.title(modelData) || Format.fileName(modelData)
            iconName: modelData === picker.model.path ? "check" : "mark"
            onTriggered: if (modelData !== picker.model.path) picker.model.open(modelData)
        }
        onObjectAdded: (index, object) => picker.insertItem(1 + index, object)
        onObjectRemoved: (index, object) => picker.removeItem(object)
    }
    Instantiator {
        model: picker.app.remote
        delegate: RemoteRow {
            current: path !== "" && path === picker.model.path
            searched: search.text
            onClicked: {
                if (server)
                    return picker.app.remote.toggle(endpoint)
                if (path === "") picker.endpointWanted(endpoint)
                else if (!current) picker.model.open(path)
                picker.close() // last: it takes the row away
            }
        }
        onObjectAdded: (index, object) => picker.insertItem(1 + choices.count + index, object)
        onObjectRemoved: (index, object) => picker.removeItem(object)
    }
    MenuRow {
        text: qsTr("Add an endpoint…")
        iconName: "link"
        onTriggered: picker.endpointWanted("")
    }
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
