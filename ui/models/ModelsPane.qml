import QtQuick
import Altiplano.App
import Altiplano.Ui

// Holds the Models page over the chat. Nothing of the page exists while it is closed.
Loader {
    id: pane
    objectName: "modelsPane"
    required property AppContext app
    readonly property bool open: active
    signal closed()
    signal chooseFile()
    signal chooseFolder()
    signal settingsWanted()

    function show() {
        active = true
        app.library.refresh()
        enter()
    }
    function enter() { item.enter() }
    function close() {
        if (!active)
            return
        active = false
        app.library.searched = ""
        closed()
    }
    function toggle() {
        if (active) close()
        else show()
    }

    active: false
    visible: active
    sourceComponent: ModelsPage {
        app: pane.app
        onCloseRequested: pane.close()
        onChooseFile: pane.chooseFile()
        onChooseFolder: pane.chooseFolder()
        onSettingsWanted: pane.settingsWanted()
    }
}
