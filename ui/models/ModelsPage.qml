import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Altiplano.App
import Altiplano.Ui

// All models of the library as cards: found, put in order, loaded, unloaded, removed.
FocusScope {
    id: page
    required property AppContext app
    readonly property ModelLibrary library: app.library
    readonly property real margin: width > 700 ? Math.max(32, (width - 880 * Theme.fontScale) / 2) : 16
    readonly property Item focusedItem: Window.activeFocusItem
    signal closeRequested()
    signal chooseFile()
    signal chooseFolder()
    signal settingsWanted()

    function enter() { list.forceActiveFocus() }

    // What the Tab key reaches below the cards comes into sight.
    onFocusedItemChanged: {
        for (let item = focusedItem; item; item = item.parent)
            if (item === list.footerItem) return list.reveal(focusedItem)
    }

    objectName: "modelsPage"
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Models")
    Keys.onEscapePressed: {
        if (library.searched !== "") field.clear()
        else closeRequested()
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.base
        MouseArea { // nothing below gets anything
            anchors.fill: parent
            hoverEnabled: true
            onWheel: wheel => wheel.accepted = true
        }
    }
    GridLayout {
        id: header
        readonly property bool narrow: page.width < 640 * Theme.fontScale
        anchors { left: parent.left; right: parent.right; top: parent.top; topMargin: 12 }
        anchors { leftMargin: page.margin; rightMargin: page.margin }
        columns: narrow ? 2 : 4
        columnSpacing: 12

        Label {
            Layout.fillWidth: header.narrow
            text: qsTr("Models")
            font { pixelSize: Theme.title; weight: Font.DemiBold }
            Accessible.role: Accessible.Heading
        }
        IconButton {
            Layout.column: header.narrow ? 1 : 3
            Layout.row: 0
            iconName: "close"
            text: qsTr("Close the models")
            hint: qsTr("Close (Esc)")
            onClicked: page.closeRequested()
        }
        SearchField {
            id: field
            objectName: "modelSearch"
            Layout.column: header.narrow ? 0 : 1
            Layout.row: header.narrow ? 1 : 0
            Layout.columnSpan: header.narrow ? 2 : 1
            Layout.fillWidth: true
            placeholder: qsTr("Search models")
            hint: qsTr("Search names and kinds (Ctrl+F)")
            flashMs: page.app.appearance.caretFlashMs
            onTextChanged: page.library.searched = text
            Keys.onDownPressed: page.enter()
            onAccepted: page.enter()
        }
        Choice {
            objectName: "modelOrder"
            Layout.column: header.narrow ? 0 : 2
            Layout.row: header.narrow ? 2 : 0
            Layout.columnSpan: header.narrow ? 2 : 1
            label: qsTr("Order")
            options: [qsTr("Name"), qsTr("Size"), qsTr("Newest")]
            current: page.library.order
            onChosen: index => page.library.order = index
        }
    }
    ModelNotice {
        id: notice
        anchors { left: parent.left; right: parent.right; top: header.bottom; topMargin: visible ? 12 : 0 }
        anchors { leftMargin: page.margin; rightMargin: page.margin }
        height: visible ? implicitHeight : 0
        model: page.app.model
        onVisibleChanged: if (visible) page.library.refresh()
        onChooseFile: page.chooseFile()
        onCopied: details => page.app.copy(details)
        onAllModels: page.app.model.dismissProblem()
        onSettingsWanted: page.settingsWanted()
    }
    ListView {
        id: list
        objectName: "modelList"

        function reveal(item: Item) {
            const top = item.mapToItem(contentItem, 0, 0).y
            if (top < contentY) contentY = top - 16
            else if (top + item.height > contentY + height) contentY = top + item.height - height + 16
        }

        anchors { left: parent.left; right: parent.right; top: notice.bottom; bottom: parent.bottom; topMargin: 8 }
        topMargin: 4 // for the focus ring of the first card
        leftMargin: page.margin
        rightMargin: page.margin
        bottomMargin: 32
        spacing: 8
        model: page.library
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        activeFocusOnTab: true
        keyNavigationEnabled: true
        highlightMoveDuration: 0
        currentIndex: 0
        T.ScrollBar.vertical: ThinScrollBar {}
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Models")
        onCountChanged: if (count > 0 && currentIndex < 0) currentIndex = 0
        Keys.onBacktabPressed: event => { // from a card: not to the list, which gives it back
            event.accepted = currentItem !== null && currentItem.activeFocus
            if (event.accepted)
                nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)
        }
        Keys.onPressed: event => {
            const rows = Math.max(1, Math.floor(height / 88) - 1)
            const to = event.key === Qt.Key_PageDown ? currentIndex + rows : event.key === Qt.Key_PageUp ? currentIndex - rows
                     : event.key === Qt.Key_Home ? 0 : event.key === Qt.Key_End ? count - 1 : NaN
            if (isNaN(to))
                return
            currentIndex = Math.max(0, Math.min(count - 1, to))
            event.accepted = true
        }

        header: Column {
            width: list.width - 2 * page.margin
            Label {
                width: parent.width
                visible: list.count === 0 || page.library.incomplete
                topPadding: 16
                bottomPadding: 24
                text: page.library.incomplete ? qsTr("There are more files than this list can hold. Choose smaller folders.")
                    : page.library.searched !== "" ? qsTr("No model has these words.")
                    : page.library.scanning ? qsTr("Looking through the folders…")
                    : qsTr("No models yet. A model is a file that ends in .gguf: put one into a folder below, add the folder where you keep yours, or open a file from anywhere.")
                color: Theme.textDim
                font.pixelSize: Theme.body
                wrapMode: Text.Wrap
                lineHeight: 1.4
            }
        }
        delegate: ModelCard {
            width: list.width - 2 * page.margin
            controller: page.app.model
            showsFocus: list.activeFocus
            onPicked: list.currentIndex = index
            onChatWanted: page.closeRequested()
            onMenuRequested: at => menu.openFor(this, at)
            onSettingsRequested: settings.openFor(this)
        }
        footer: ModelsFooter {
            width: list.width - 2 * page.margin
            app: page.app
            onChooseFile: page.chooseFile()
            onChooseFolder: page.chooseFolder()
        }
    }
    ModelMenu {
        id: menu
        controller: page.app.model
        library: page.library
        onTrashRequested: trashPrompt.open()
        onSettingsRequested: card => settings.openFor(card)
    }
    ModelSettingsPrompt {
        id: settings
        app: page.app
        onClosed: if (card) card.forceActiveFocus()
    }
    ConfirmPrompt {
        id: trashPrompt
        question: qsTr("Move %1 to the trash?").arg(menu.name)
        detail: menu.inUse ? qsTr("It is in use and will be unloaded. The trash can give it back.")
                           : qsTr("The trash can give it back.")
        action: qsTr("Move to the trash")
        onAccepted: {
            if (menu.inUse)
                page.app.model.unload()
            page.library.moveToTrash(menu.path)
        }
        onClosed: if (menu.card) menu.card.forceActiveFocus()
    }
    Shortcut {
        sequences: [StandardKey.Find]
        onActivated: {
            field.forceActiveFocus()
            field.selectAll()
        }
    }
}
