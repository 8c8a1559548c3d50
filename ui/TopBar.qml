import QtQuick
import QtQuick.Layouts
import Altiplano.App

Item {
    id: bar
    required property AppContext app
    readonly property bool choosing: picker.visible // of a model
    signal chooseFile()
    signal allModels()
    signal endpointWanted(string endpoint)
    signal done()
    signal performanceToggled()
    signal sidebarToggled()

    // The picker, open at the models of this server.
    function showModels(endpoint: string) {
        picker.popup(chip, 0, chip.height + 4)
        app.remote.open(endpoint)
    }

    implicitHeight: Theme.control + 2 * Theme.unit

    function chooseModel() { picker.popup(chip, 0, chip.height + 4) }

    RowLayout {
        anchors { fill: parent; leftMargin: 8; rightMargin: 8 }
        spacing: Theme.unit

        IconButton {
            objectName: "sidebarButton"
            iconName: "sidebar"
            text: qsTr("Chats")
            hint: qsTr("Show or hide the chats (F9)")
            onClicked: bar.sidebarToggled()
        }
        ChatTitle {
            Layout.fillWidth: true
            chat: bar.app.chat
            flashMs: bar.app.appearance.caretFlashMs
            onDone: bar.done()
        }
        ModelChip {
            id: chip
            objectName: "modelChip"
            Layout.maximumWidth: Math.max(140, Math.min(bar.width * 0.5, bar.width - 5 * Theme.control - 160 * Theme.fontScale))
            model: bar.app.model
            onClicked: bar.chooseModel()
            ModelPicker {
                id: picker
                app: bar.app
                onChooseFile: bar.chooseFile()
                onAllModels: bar.allModels()
                onEndpointWanted: endpoint => bar.endpointWanted(endpoint)
                onClosed: bar.done()
            }
        }
        ContextGauge {
            Layout.leftMargin: Theme.unit
            Layout.rightMargin: Theme.unit
            visible: total > 0 && bar.width > 640 * Theme.fontScale
            busy: bar.app.chat.busy
            used: bar.app.chat.contextUsed
            pending: bar.app.draft.tokens
            total: bar.app.model.contextTokens
        }
        IconButton {
            iconName: "new-chat"
            text: qsTr("New chat")
            hint: qsTr("New chat (Ctrl+N)")
            enabled: bar.app.chat.messages && bar.app.chat.title !== ""
            onClicked: bar.app.chat.newChat()
        }
        IconButton {
            objectName: "performanceButton"
            iconName: "gauge"
            text: qsTr("Performance")
            hint: qsTr("Where the time goes (F10)")
            onClicked: bar.performanceToggled()
        }
    }
    Rectangle {
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        height: 1
        color: Theme.line
    }
}
