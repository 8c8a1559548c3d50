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
    property int hoveredMessage: -1
    property string hoveredLink
    signal editRequested(int message)
    property int selectionStep: 0 // grows as the selection changes

    function showLatest() {
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
    function showMenu(row: Item) {
        menu.row = row
        menu.link = hoveredLink
        menu.popup()
    }

    // Extends the selection to a point of this item, and scrolls where that is outside.
    function selectTo(point: point) {
        scroller.speed = point.y < 0 ? point.y : point.y > height ? point.y - height : 0
        scroller.point = point
        const y = Math.max(0, Math.min(list.height - 1, point.y))
        const row = rowAt(y)
        if (!row)
            return
        if (!row.edit) { // a table, or another row without text of its own
            selection.extend(row.index, list.contentY + y > row.y + row.height / 2 ? row.text.length : 0)
            return
        }
        const at = row.edit.mapFromItem(conversation, point.x, y)
        selection.extend(row.index, row.edit.positionAt(at.x, at.y))
    }
    function stopSelecting() { scroller.speed = 0 }

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
        messages: page.app.chat.messages
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
        readonly property int margin: Math.max(24, Math.round((width - Theme.column) / 2))
        readonly property bool byUser: moving || bar.pressed

        anchors.fill: parent
        model: rows
        boundsBehavior: Flickable.StopAtBounds
        cacheBuffer: 600
        reuseItems: true // a row that leaves the page becomes the next that streams in
        clip: true
        header: Item { height: 24; width: 1 }
        footer: Item { height: 8; width: 1 }
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Conversation")

        delegate: BlockRow {
            x: list.margin
            width: list.width - 2 * list.margin
            conversation: page
        }
        T.ScrollBar.vertical: ThinScrollBar { id: bar }

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
        function onRowsInserted() { page.showLatest() }
        function onModelReset() { page.showLatest() }
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
    }
    Keys.onPressed: event => {
        const page = list.height * 0.9
        if (event.key === Qt.Key_PageUp) scrollBy(-page)
        else if (event.key === Qt.Key_PageDown) scrollBy(page)
        else if (event.matches(StandardKey.Copy) && !selection.empty) copy(selection.text())
        else if (event.matches(StandardKey.SelectAll)) selection.selectRows(0, list.count - 1)
        else return
        event.accepted = true
    }
}
