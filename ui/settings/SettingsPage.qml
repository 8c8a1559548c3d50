import QtQuick
import QtQuick.Templates as T
import Altiplano.App
import Altiplano.Ui

// Everything that can be set, by group; applies at once.
FocusScope {
    id: page
    required property AppContext app
    signal closed()
    signal pageWanted(string name)
    signal modelsWanted()

    objectName: "settingsPage"
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Settings")
    Component.onCompleted: field.forceActiveFocus()
    Component.onDestruction: app.settings.searched = ""
    Keys.forwardTo: [list] // scrolls
    Keys.onEscapePressed: {
        if (field.text !== "") field.clear()
        else closed()
    }

    PageHeader {
        id: header
        width: parent.width
        title: qsTr("Settings")
        onClosed: page.closed()
        TextButton {
            objectName: "presetsButton"
            text: qsTr("Presets…")
            onClicked: page.pageWanted("presets")
        }
    }
    SearchField {
        id: field
        objectName: "settingsSearch"
        anchors { top: header.bottom; horizontalCenter: parent.horizontalCenter }
        width: list.rowWidth
        placeholder: qsTr("Search settings")
        flashMs: page.app.appearance.caretFlashMs
        onTextChanged: page.app.settings.searched = text
    }
    SettingList {
        id: list
        objectName: "settingsList"
        anchors { top: field.bottom; bottom: parent.bottom; left: parent.left; right: parent.right; topMargin: 8 }
        settings: page.app.settings
        flashMs: page.app.appearance.caretFlashMs
        footer: PlacesSection {
            x: list.margin
            width: list.rowWidth
            visible: field.text === ""
            app: page.app
            onModelsWanted: page.modelsWanted()
        }
    }
    Label {
        anchors { top: list.top; horizontalCenter: parent.horizontalCenter; topMargin: 16 }
        width: list.rowWidth
        visible: list.count === 0
        text: qsTr("No setting has these words.")
        color: Theme.textDim
    }
}
