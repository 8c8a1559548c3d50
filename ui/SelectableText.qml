import QtQuick
import Altiplano.App

// The text of one row of the conversation. What is selected in it is a part of what is selected in all of
// them: dragging goes on from row to row.
TextEdit {
    id: edit
    required property Item row // the BlockRow
    property int offset: 0 // where that begins in the row's text
    readonly property Item conversation: row.conversation
    property var content: row.content // what it shows of it
    property real lineHeight: Math.round(font.pixelSize * 1.5)
    property alias codeState: filler.codeState
    property alias columnWidths: filler.columnWidths // of a table's row
    property alias cellPadding: filler.cellPadding

    function showSelection() {
        const part = conversation.selection.within(row.index, row.text.length)
        const start = Math.max(0, part.x - offset), end = Math.min(length, part.y - offset)
        if (start < end) select(start, end)
        else if (selectedText !== "") deselect()
    }
    function links(): var { return filler.links() }

    readOnly: true
    selectByMouse: false
    persistentSelection: true
    activeFocusOnPress: false
    activeFocusOnTab: false
    wrapMode: TextEdit.Wrap
    textFormat: TextEdit.PlainText
    color: Theme.text
    selectionColor: Theme.accent
    selectedTextColor: Theme.accentText
    font.pixelSize: Theme.body
    Accessible.role: Accessible.Paragraph
    Accessible.name: row.spoken
    Component.onCompleted: if (!conversation.selection.empty) showSelection()

    BlockText {
        id: filler
        edit: edit
        content: edit.content
        lineHeight: edit.lineHeight
    }
    onContentChanged: if (selectedText !== "" || !conversation.selection.empty) Qt.callLater(showSelection)
    readonly property int selectionStep: conversation.selectionStep
    onSelectionStepChanged: showSelection()
    MouseArea {
        id: mouse
        property string link
        property bool dragged: false

        anchors.fill: parent
        acceptedButtons: Qt.LeftButton
        hoverEnabled: true
        preventStealing: true
        cursorShape: link ? Qt.PointingHandCursor : Qt.IBeamCursor
        onPressed: event => {
            if (event.source !== Qt.MouseEventNotSynthesized) { // a finger scrolls
                event.accepted = false
                return
            }
            dragged = false
            const at = edit.positionAt(event.x, event.y)
            edit.conversation.takeFocus()
            if (event.modifiers & Qt.ShiftModifier) edit.conversation.selection.extend(edit.row.index, edit.offset + at)
            else edit.conversation.selection.begin(edit.row.index, edit.offset + at)
        }
        onPositionChanged: event => {
            link = edit.linkAt(event.x, event.y)
            edit.conversation.hoveredLink = link
            if (!pressed)
                return
            dragged = true
            edit.conversation.selectTo(mouse.mapToItem(edit.conversation, event.x, event.y))
        }
        onReleased: {
            edit.conversation.stopSelecting()
            if (!dragged && link)
                edit.conversation.linkPrompt.ask(link)
        }
        onExited: {
            link = ""
            edit.conversation.hoveredLink = ""
        }
        onDoubleClicked: event => {
            const at = edit.positionAt(event.x, event.y)
            edit.cursorPosition = at
            edit.selectWord()
            const start = edit.selectionStart, end = edit.selectionEnd
            edit.conversation.selection.begin(edit.row.index, edit.offset + start)
            edit.conversation.selection.extend(edit.row.index, edit.offset + end)
        }
    }
}
