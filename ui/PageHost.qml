import QtQuick
import Altiplano.App

// Shows a page over the conversation, at most one at a time. Nothing of it exists while it is closed.
FocusScope {
    id: host
    objectName: "pageHost"
    required property AppContext app
    property string page // the one that is open; empty: none
    readonly property var sources: ({ settings: "settings/SettingsPage.qml", presets: "settings/PresetsPage.qml" })
    signal closed()
    signal modelsWanted()

    onPageChanged: {
        if (page === "") {
            loader.source = ""
            closed()
        } else {
            loader.setSource(sources[page], { app: app })
            loader.forceActiveFocus()
        }
    }
    function open(name: string) { page = name }
    function toggle(name: string) { page = page === name ? "" : name }
    function close() { page = "" }

    visible: page !== ""
    Rectangle {
        anchors.fill: parent
        color: Theme.base
        MouseArea { anchors.fill: parent } // nothing reaches the conversation
    }
    Loader {
        id: loader
        anchors.fill: parent
        focus: true
    }
    Connections {
        target: loader.item
        ignoreUnknownSignals: true
        function onClosed() { host.close() }
        function onPageWanted(name) { host.open(name) }
        function onModelsWanted() { host.modelsWanted() }
    }
}
