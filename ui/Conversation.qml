import QtQuick
import QtQuick.Templates as T
import Altiplano.App

// The turns, as rows of blocks: items exist for those on the screen only. Follows what streams in until the
// user scrolls up; scrolling back to the end, or the button, follows again.
FocusScope {
    id: page
    required property AppContext app
    readonly property bool following: list.follow
    readonly property alias rows: rows
    readonly property alias selection: selection
    readonly property alias linkPrompt: linkPrompt
    readonly property int margin: Math.max(24, Math.round((width - Theme.column) / 2)) // beside the rows
    readonly property int rowWidth: width - 2 * margin
    property int hoveredMessage: -1
    property string hoveredLink
    signal editRequested(int message)
    signal endpointWanted(string endpoint) // to be edited
    property int selectionStep: 0 // grows as the selection changes
    property int messageCount: 0
    signal done() // the keyboard goes back to the composer

    function countMessages() { messageCount = app.chat.messages.rowCount() }
    function showLatest() {
        countMessages()
        list.follow = true
        list.positionViewAtEnd()
    }
    // Follows the tail. While an answer streams in, its foot is empty: text may grow over where it will be, so
    // that the page is scrolled every few lines only. Scrolling draws all of it anew.
    function keepUp(slack: real) {
        const below = list.originY + list.contentHeight - list.contentY - list.height
        if (list.follow && (below > slack || !app.chat.busy))
            list.positionViewAtEnd()
    }
    function showMessage(message: int) {
        const row = rows.rowOfMessage(message)
        if (row < 0)
            return
        list.follow = false
        list.positionViewAtIndex(row, ListView.Beginning)
    }
    function scrollBy(distance: real) {
        const end = list.originY + list.contentHeight - list.height
        list.follow = false
        list.contentY = Math.round(Math.max(list.originY, Math.min(end, list.contentY + distance)))
        list.follow = list.atYEnd
    }
    // The keyboard goes from row to row, or from message to message.
    function stepRow(by: int) {
        const isFoot = row => row + 1 === list.count || rows.messageOfRow(row) !== rows.messageOfRow(row + 1)
        let row = list.currentIndex + by
        while (row > 0 && row < list.count - 1 && isFoot(row))
            row += by
        if (row >= 0 && row < list.count && !isFoot(row))
            showRow(row)
    }
    function leaveRow(event: var, forward: bool) {
        event.accepted = list.currentItem !== null && list.currentItem.activeFocus
        if (event.accepted)
            list.nextItemInFocusChain(forward).forceActiveFocus(forward ? Qt.TabFocusReason : Qt.BacktabFocusReason)
    }
    function stepMessage(by: int) {
        const message = Math.max(0, rows.messageOfRow(list.currentIndex)) + by
        if (message < messageCount)
            showRow(rows.rowOfMessage(Math.max(0, message)))
    }
    function editLast() {
        for (let message = messageCount - 1; message >= 0 && app.chat.canSend; --message)
            if (app.chat.messages.isQuestion(message))
                return editRequested(message)
    }
    function readMessage(message: int) {
        if (message < 0)
            return
        showRow(rows.rowOfMessage(message))
        list.forceActiveFocus(Qt.TabFocusReason)
    }
    function showRow(row: int) {
        list.follow = false
        list.currentIndex = row
        list.positionViewAtIndex(row, ListView.Contain)
        list.follow = list.atYEnd
    }
    // Text, from the row that the selection began in to this one.
    function selectRow(by: int) {
        if (selection.empty)
            selection.begin(list.currentIndex, 0)
        stepRow(by)
        selection.extend(list.currentIndex, list.currentItem.text.length)
    }
    function copySelectionOrRow() {
        if (!selection.empty) copy(selection.text())
        else if (list.currentItem) copy(list.currentItem.text)
    }
    function copy(text: string) { app.copy(text) }
    function copyMessage(message: int) { copy(app.chat.messages.text(message)) }
    function copySelectionOr(message: int) {
        if (selection.empty) copyMessage(message)
        else copy(selection.text())
    }
    // The row at a height of the list, whatever its margins.
    function rowAt(y: real): Item { return list.itemAt(list.width / 2, list.contentY + y) }
    function noteHovered() {
        const row = pointer.hovered ? rowAt(pointer.point.position.y) : null
        if (row)
            hoveredMessage = row.message
    }
    function showMenu(row: Item) { // at the pointer
        menu.openFor(row, hoveredLink ? [hoveredLink] : [])
        menu.popup()
    }
    function showMenuOfRow() {
        const row = list.currentItem
        menu.openFor(row, row.links())
        menu.popup(row, 0, Math.min(row.height, list.contentY + list.height - row.y))
    }

    // Extends the selection to a point of this item, and scrolls where that is outside.
    function selectTo(point: point) {
        scroller.speed = point.y < 0 ? point.y : point.y > height ? point.y - height : 0
        scroller.point = point
        const y = Math.max(0, Math.min(list.height - 1, point.y))
        const row = rowAt(y)
        if (!row)
            return
        const at = row.mapFromItem(page, point.x, y)
        const edit = row.editAt(at.x, at.y)
        if (!edit) { // a row without text of its own
            selection.extend(row.index, at.y > row.height / 2 ? row.text.length : 0)
            return
        }
        const within = edit.mapFromItem(row, at.x, at.y)
        selection.extend(row.index, edit.offset + edit.positionAt(within.x, within.y))
    }
    function stopSelecting() { scroller.speed = 0 }
    function takeFocus() { // by a click
        list.currentIndex = -1
        forceActiveFocus(Qt.MouseFocusReason)
    }

    // For all rows at once: handlers in each would be a part of what a row costs.
    HoverHandler {
        id: pointer
        onPointChanged: page.noteHovered()
    }
    TapHandler {
        acceptedButtons: Qt.RightButton
        onTapped: point => {
            const row = page.rowAt(point.position.y)
            if (row) page.showMenu(row)
        }
    }
    TranscriptModel {
        id: rows
        messages: rehearsal.running ? rehearsal.messages : page.app.chat.messages
        onLineTaken: list.forceLayout()
        // Words that turn out to be a table are another row: the keyboard stays at it.
        property int left: -1
        onRowsAboutToBeRemoved: (parent, first, last) => {
            left = list.currentIndex >= first && list.currentIndex <= last ? list.currentIndex : -1
        }
        onReplaced: row => { if (left === row) list.currentIndex = row }
    }
    Rehearsal {
        id: rehearsal
        paused: page.app.model.state === ModelController.Loading // and measuring the memory
    }
    Timer { // once the window is there and nothing else is to do
        interval: 700
        running: rehearsal.due && !rehearsal.paused
                 && page.Window.visibility !== Window.Hidden && page.Window.visibility !== Window.Minimized
        onTriggered: rehearsal.begin()
    }
    TextSelection {
        id: selection
        rows: rows
        onChanged: page.selectionStep += 1
    }
    Timer {
        id: scroller
        property real speed: 0
        property point point
        interval: 33
        repeat: true
        running: speed !== 0
        onTriggered: {
            page.scrollBy(Math.max(-40, Math.min(40, speed / 2)))
            page.selectTo(point)
        }
    }

    ListView {
        id: list
        objectName: "messages"
        property bool follow: true
        property real lastY: 0
        readonly property bool byUser: moving || bar.pressed

        anchors.fill: parent
        model: rows
        boundsBehavior: Flickable.StopAtBounds
        cacheBuffer: 600
        reuseItems: true // a row that leaves the page becomes the next that streams in
        clip: true
        header: Item { height: 24; width: 1 }
        footer: Item { height: 8; width: 1 }
        activeFocusOnTab: true
        currentIndex: -1 // the row that the keyboard is at
        keyNavigationEnabled: false
        highlightFollowsCurrentItem: false
        // From a row: to what comes before or in all of them, not to the list again.
        Keys.onBacktabPressed: event => page.leaveRow(event, false)
        Keys.onTabPressed: event => page.leaveRow(event, true)
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Conversation")
        onActiveFocusChanged: {
            if (activeFocus && currentIndex < 0)
                page.stepMessage(page.messageCount - 1)
        }

        delegate: BlockRows { conversation: page }
        T.ScrollBar.vertical: ThinScrollBar {
            id: bar
            quiet: list.follow && page.app.chat.busy // at the end, and drawn anew with each line
        }

        onContentYChanged: {
            page.noteHovered()
            if (byUser && contentY < lastY - 0.5)
                follow = false
            if (byUser && atYEnd)
                follow = true
            lastY = contentY
        }
        onContentHeightChanged: page.keepUp(Math.round(Theme.control * 1.5))
        onHeightChanged: page.keepUp(0)
    }
    Connections {
        target: page.app.chat.messages
        function onRowsAboutToBeInserted() { rehearsal.end() }
        function onModelAboutToBeReset() { rehearsal.end() }
        function onRowsInserted() { page.showLatest() }
        function onModelReset() { page.showLatest() }
        function onRowsRemoved() { page.countMessages() }
    }
    Connections {
        target: page.app.chat
        function onMessageFound(row) { page.showMessage(row) }
        function onChanged() { if (!page.app.chat.busy) page.keepUp(0) }
    }
    IconButton {
        anchors { bottom: parent.bottom; bottomMargin: Theme.unit; horizontalCenter: parent.horizontalCenter }
        visible: !list.follow && !list.atYEnd
        iconName: "arrow-down"
        text: qsTr("Latest")
        hint: qsTr("Go to the latest")
        onClicked: page.showLatest()
        background: Rectangle {
            radius: height / 2
            color: Theme.raised
            border { width: 1; color: Theme.line }
        }
    }
    Rectangle { // where the link under the pointer leads
        anchors { left: parent.left; bottom: parent.bottom; margins: 4 }
        visible: page.hoveredLink !== ""
        width: Math.min(parent.width - 8, targetLabel.implicitWidth + 16)
        height: targetLabel.implicitHeight + 8
        radius: 4
        color: Theme.raised
        border { width: 1; color: Theme.line }
        Label {
            id: targetLabel
            anchors { fill: parent; leftMargin: 8; rightMargin: 8 }
            verticalAlignment: Text.AlignVCenter
            text: page.hoveredLink
            elide: Text.ElideMiddle
        }
    }
    MessageMenu {
        id: menu
        objectName: "messageMenu"
        conversation: page
    }
    LinkPrompt {
        id: linkPrompt
        onAccepted: target => page.app.openLink(target)
        onCopied: target => page.copy(target)
        onClosed: {
            if (list.currentItem) list.forceActiveFocus()
            else page.done()
        }
    }
    Keys.onPressed: event => {
        const wholePage = list.height * 0.9
        const atRow = list.currentItem && list.currentItem.activeFocus
        const byMessage = event.modifiers & Qt.ControlModifier
        const down = event.key === Qt.Key_Down ? 1 : event.key === Qt.Key_Up ? -1 : 0
        const right = event.key === Qt.Key_Right ? 1 : event.key === Qt.Key_Left ? -1 : 0
        const menuKey = event.key === Qt.Key_Menu || (event.key === Qt.Key_F10 && event.modifiers & Qt.ShiftModifier)
        if (event.key === Qt.Key_PageUp) scrollBy(-wholePage)
        else if (event.key === Qt.Key_PageDown) scrollBy(wholePage)
        else if (event.key === Qt.Key_Escape) done()
        else if (event.matches(StandardKey.Copy)) copySelectionOrRow()
        else if (event.matches(StandardKey.SelectAll)) selection.selectRows(0, list.count - 1)
        else if (!atRow) return
        else if (down && event.modifiers & Qt.ShiftModifier) selectRow(down)
        else if (down && byMessage) stepMessage(down)
        else if (down) stepRow(down)
        else if (right) list.currentItem.scrollSideways(right * 40)
        else if (event.key === Qt.Key_Home) stepMessage(-messageCount)
        else if (event.key === Qt.Key_End) readMessage(messageCount - 1)
        else if (menuKey || event.key === Qt.Key_Return || event.key === Qt.Key_Enter) showMenuOfRow()
        else return
        event.accepted = true
    }
}
