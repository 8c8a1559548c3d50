import QtQuick
import QtQuick.Templates as T
import Altiplano.App

// The chats: a column at the left (F9), a drawer over the page where the window is narrow.
FocusScope {
    id: sidebar
    required property AppContext app
    required property bool narrow
    property bool drawerOpen: false
    readonly property ChatListModel chats: app.chats
    readonly property bool shown: narrow ? drawerOpen : app.sidebarShown
    readonly property int taken: shown && !narrow ? width : 0
    signal closed()
    signal settingsWanted()
    signal chatSettingsWanted() // of the chat on the page
    signal fileWanted(var chatId, string suffix) // to save that chat in (0: all); no suffix: to read chats from

    width: Math.round(240 * Theme.fontScale)
    property real open: shown ? 1 : 0 // how far it is in
    x: Theme.mirrored ? parent.width - width * open : width * (open - 1)
    visible: open > 0
    enabled: shown
    Behavior on open { NumberAnimation { duration: Theme.fade } }
    onNarrowChanged: drawerOpen = false

    function toggle() {
        if (narrow) drawerOpen = !drawerOpen
        else app.sidebarShown = !app.sidebarShown
        if (!shown) closed()
        else if (narrow) enterList()
    }
    function enterList() {
        list.currentIndex = chats.searching ? 0 : Math.max(0, chats.rowOf(app.chat.chatId))
        list.forceActiveFocus()
    }
    function search() {
        if (!shown)
            toggle()
        field.forceActiveFocus()
        field.selectAll()
    }
    // Back to the conversation; a drawer closes.
    function leave() {
        drawerOpen = false
        closed()
    }
    function openRow(row: int) {
        const item = list.itemAtIndex(row)
        if (item)
            item.open()
    }

    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Chats")
    Keys.onEscapePressed: {
        if (chats.searched !== "") field.clear()
        else leave()
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.dark ? Qt.darker(Theme.raised, 1.12) : Theme.raised
        MouseArea { anchors.fill: parent } // a drawer lets nothing through
    }
    Rectangle {
        anchors { top: parent.top; bottom: parent.bottom; right: parent.right }
        width: 1
        color: Theme.line
    }
    SearchField {
        id: field
        objectName: "chatSearch"
        anchors { top: parent.top; left: parent.left; right: parent.right; margins: 12 }
        placeholder: qsTr("Search chats")
        hint: qsTr("Search titles and messages (Ctrl+K)")
        flashMs: sidebar.app.appearance.caretFlashMs
        onTextChanged: sidebar.chats.searched = text
        Keys.onDownPressed: sidebar.enterList()
        onAccepted: sidebar.openRow(0)
    }
    ListView {
        id: list
        objectName: "chatList"
        anchors { top: field.bottom; bottom: footer.top; left: parent.left; right: parent.right; topMargin: 4 }
        model: sidebar.chats
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        activeFocusOnTab: true
        keyNavigationEnabled: true
        highlightMoveDuration: 0
        T.ScrollBar.vertical: ThinScrollBar {}
        Accessible.role: Accessible.List
        Accessible.name: sidebar.chats.searching ? qsTr("Chats found") : qsTr("Chats")
        onActiveFocusChanged: if (activeFocus && currentIndex < 0) currentIndex = 0
        Keys.onBacktabPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason) // not to itself

        section.property: "section"
        section.delegate: Label {
            required property string section
            width: ListView.view.width
            height: section ? Math.round(Theme.small * 1.3) + 18 : 0
            leftPadding: 16
            bottomPadding: 4
            verticalAlignment: Text.AlignBottom
            visible: section !== ""
            text: Format.section(section)
            color: Theme.textDim
            font.weight: Font.Medium
        }
        delegate: ChatRow {
            width: ListView.view.width
            current: chatId === sidebar.app.chat.chatId
            showsFocus: list.activeFocus
            flashMs: sidebar.app.appearance.caretFlashMs
            onOpened: {
                sidebar.app.chat.openChat(chatId, messageId)
                sidebar.leave()
            }
            onMenuRequested: menu.openFor(this)
            onRenamed: title => sidebar.chats.rename(chatId, title)
            onRemoved: sidebar.chats.remove(chatId)
        }
        Label {
            anchors { left: parent.left; right: parent.right; top: parent.top; margins: 16 }
            visible: list.count === 0
            text: sidebar.chats.searching ? qsTr("No chat has these words.")
                : sidebar.chats.view === ChatListModel.Archived ? qsTr("No chat is archived.")
                : sidebar.chats.view === ChatListModel.Deleted ? qsTr("Nothing was deleted in the last 30 days.")
                : qsTr("Your chats will be here. They stay on this computer.")
            color: Theme.textDim
            wrapMode: Text.Wrap
            lineHeight: 1.3
        }
    }
    ChatMenu {
        id: menu
        chats: sidebar.chats
        onSaved: (chatId, suffix) => sidebar.fileWanted(chatId, suffix)
        onSettingsWanted: sidebar.chatSettingsWanted()
        onCopied: sidebar.app.copy(sidebar.app.chat.markdown())
    }
    Column {
        id: footer
        anchors { bottom: parent.bottom; left: parent.left; right: parent.right; margins: 8 }
        spacing: 4

        UndoBar {
            width: parent.width
            chats: sidebar.chats
        }
        SidebarFooter {
            width: parent.width
            chats: sidebar.chats
            onImportWanted: sidebar.fileWanted(0, "")
            onExportWanted: sidebar.fileWanted(0, "json")
            onSettingsWanted: {
                sidebar.drawerOpen = false
                sidebar.settingsWanted()
            }
        }
    }
}
