import QtQuick
import Altiplano.App

Window {
    id: window
    required property AppContext app
    readonly property ChatController chat: app.chat
    readonly property ModelController model: app.model
    readonly property bool begun: chat.title !== ""

    minimumWidth: 420
    minimumHeight: 360
    color: Theme.base
    title: chat.title ? qsTr("%1 - Altiplano").arg(chat.title) : qsTr("Altiplano")

    LayoutMirroring.enabled: app.language.rightToLeft
    LayoutMirroring.childrenInherit: true

    Binding { target: Format; property: "language"; value: window.app.language.locale }
    Binding { target: Theme; property: "dark"; value: window.app.appearance.dark }
    Binding { target: Theme; property: "reducedMotion"; value: window.app.appearance.reducedMotion }
    Binding { target: Theme; property: "fontScale"; value: window.app.appearance.fontScale }
    Binding { target: Theme; property: "mirrored"; value: window.app.language.rightToLeft }
    Binding { target: Theme; property: "monospace"; value: window.app.appearance.monospace }

    function chooseFile() {
        if (!fileDialog.item)
            fileDialog.setSource("ModelFileDialog.qml", { model: window.model })
        fileDialog.item.open()
    }

    function chooseChatFile(chatId: var, suffix: string) {
        if (!chatFileDialog.item)
            chatFileDialog.setSource("ChatFileDialog.qml", { transfer: window.app.transfer })
        chatFileDialog.item.ask(chatId, suffix)
    }

    function editEndpoint(endpoint: string) {
        if (!endpointDialog.item)
            endpointDialog.setSource("remote/EndpointDialog.qml", { form: app.endpointForm, flashMs: app.appearance.caretFlashMs })
        endpointDialog.item.ask(endpoint)
    }
    function togglePage(name: string) {
        models.close()
        pages.toggle(name)
    }
    function openChatSettings() {
        if (!chatSettings.item)
            chatSettings.setSource("settings/ChatSettingsDialog.qml", { app: app })
        chatSettings.item.open()
    }

    // Whatever else was done, the next key belongs to the page, or else to the composer.
    function write() {
        if (topBar.choosing || (endpointDialog.item && endpointDialog.item.visible))
            return
        models.close()
        if (pages.page !== "") pages.forceActiveFocus()
        else composer.write()
    }

    function send(text: string) {
        chat.send(text)
        write()
    }

    Connections {
        target: fileDialog.item
        function onVisibleChanged() { if (!fileDialog.item.visible) window.write() }
    }
    Connections {
        target: models
        function onOpenChanged() { if (models.open) pages.close() }
    }
    Connections {
        target: chatSettings.item
        function onClosed() { window.write() }
        function onPresetsWanted() { pages.open("presets") }
    }
    Connections {
        target: endpointDialog.item
        function onClosed() { window.write() }
        function onSaved(endpoint) {
            if (endpoint === window.chat.refusedEndpoint) window.chat.forgetRefusal()
            else topBar.showModels(endpoint)
        }
    }
    Connections {
        target: window.chat.messages
        function onModelReset() { // another chat
            pages.close()
            window.write()
        }
    }

    Loader { id: fileDialog }
    Loader { id: folderDialog }
    Loader { id: chatFileDialog }
    Loader { id: attachmentDialog }
    Loader { id: endpointDialog }
    Loader { id: chatSettings }
    Loader { id: shortcuts }
    Commands {
        app: window.app
        composer: composer
        conversation: conversation
        sidebar: sidebar
        performance: performance
        topBar: topBar
        covered: models.open || pages.page !== ""
        paged: pages.page !== ""
        onWritingWanted: window.write()
        onModelsWanted: models.toggle()
        onFileWanted: window.chooseFile()
        onSettingsWanted: window.togglePage("settings")
        onChatSettingsWanted: window.openChatSettings()
        onListWanted: {
            if (!shortcuts.item)
                shortcuts.setSource("ShortcutsWindow.qml", { commands: this })
            shortcuts.item.open()
        }
    }

    TopBar {
        id: topBar
        width: parent.width
        app: window.app
        onChooseFile: window.chooseFile()
        onDone: {
            if (models.open) models.enter()
            else window.write()
        }
        onAllModels: models.show()
        onEndpointWanted: endpoint => window.editEndpoint(endpoint)
        onPerformanceToggled: performance.toggle()
        onSidebarToggled: sidebar.toggle()
    }
    Rectangle {
        z: 1 // over the page; here, so that Tab comes to the chats before it
        anchors { top: topBar.bottom; bottom: parent.bottom; left: parent.left; right: parent.right }
        visible: sidebar.narrow && sidebar.shown
        color: "black"
        opacity: 0.35
        TapHandler { onTapped: sidebar.leave() }
    }
    Sidebar {
        id: sidebar
        z: 1
        anchors { top: topBar.bottom; bottom: parent.bottom }
        app: window.app
        narrow: window.width < Theme.column + 1
        onClosed: window.write()
        onFileWanted: (chatId, suffix) => window.chooseChatFile(chatId, suffix)
        onSettingsWanted: window.togglePage("settings")
        onChatSettingsWanted: window.openChatSettings()
    }
    Conversation {
        id: conversation
        anchors { top: topBar.bottom; bottom: bottom.top; left: parent.left; right: parent.right }
        anchors { leftMargin: sidebar.taken; rightMargin: performance.taken }
        visible: window.begun && !models.open
        app: window.app
        onEditRequested: message => composer.edit(message)
        onEndpointWanted: endpoint => window.editEndpoint(endpoint)
        onDone: window.write()
    }
    Announcer {
        chat: window.chat
        downloads: window.app.downloads
    }
    EmptyState {
        anchors.fill: conversation
        visible: !window.begun && !models.open
        app: window.app
        onChooseFile: window.chooseFile()
        onTried: text => window.send(text)
    }
    Column {
        id: bottom
        anchors { bottom: parent.bottom; horizontalCenter: conversation.horizontalCenter }
        width: Math.min(conversation.width - 2 * 24, Theme.column + 2 * 16)
        visible: !models.open
        bottomPadding: 12
        spacing: Theme.unit

        ChatNotice {
            width: parent.width
            store: window.app.store
        }
        TransferNotice {
            width: parent.width
            transfer: window.app.transfer
        }
        LoadingNotice {
            width: parent.width
            visible: window.begun && window.model.state === ModelController.Loading
            model: window.model
        }
        ModelNotice {
            width: parent.width
            model: window.model
            onChooseFile: window.chooseFile()
            onSettingsWanted: pages.open("settings")
            onCopied: details => window.app.copy(details)
            onAllModels: models.show()
            onLoadedOnCpu: {
                window.chat.resume()
                window.write()
            }
        }
        Notice {
            width: parent.width
            visible: window.model.notes.length > 0
            tone: Theme.warn
            heading: qsTr("About this model")
            sentence: window.model.notes.join("\n")
            dismissal: qsTr("Dismiss")
            onDismissed: window.model.dismissNotes()
        }
        Notice {
            width: parent.width
            visible: window.app.keyringProblem !== ""
            tone: Theme.warn
            heading: qsTr("The key is kept until Altiplano is closed")
            sentence: qsTr("The system's keyring did not take it: %1").arg(window.app.keyringProblem)
            dismissal: qsTr("Dismiss")
            onDismissed: window.app.dismissKeyringProblem()
        }
        Composer {
            id: composer
            width: parent.width
            app: window.app
            focus: true
            onSettingsWanted: window.openChatSettings()
            onChooseAttachment: {
                if (!attachmentDialog.item)
                    attachmentDialog.setSource("AttachmentDialog.qml", { draft: window.app.draft })
                attachmentDialog.item.open()
            }
        }
        QuietLine {
            anchors.horizontalCenter: parent.horizontalCenter
            width: Math.min(implicitWidth, parent.width)
            performance: window.app.performance
            enterSends: window.app.enterSends
        }
    }
    PageHost {
        id: pages
        anchors { top: topBar.bottom; bottom: parent.bottom; left: parent.left; right: parent.right }
        anchors { leftMargin: sidebar.taken; rightMargin: performance.taken }
        app: window.app
        onClosed: if (!models.open) window.write()
        onModelsWanted: models.show()
    }
    PerformanceColumn {
        id: performance
        chatStart: sidebar.taken
        anchors { top: topBar.bottom; bottom: parent.bottom; right: parent.right }
        app: window.app
        onClosed: window.write()
    }
    ModelsPane {
        id: models
        objectName: "modelsPane"
        anchors { top: topBar.bottom; bottom: parent.bottom; left: parent.left; right: parent.right }
        anchors { leftMargin: sidebar.taken; rightMargin: performance.taken }
        app: window.app
        onClosed: composer.write()
        onSettingsWanted: window.togglePage("settings")
        onChooseFile: window.chooseFile()
        onChooseFolder: {
            if (!folderDialog.item)
                folderDialog.setSource("models/ModelFolderDialog.qml", { library: window.app.library })
            folderDialog.item.open()
        }
    }
    DropTarget {
        z: 2
        anchors.fill: parent
        model: window.model
        draft: window.app.draft
    }
}
