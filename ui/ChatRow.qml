import QtQuick
import QtQuick.Templates as T

// A chat in the sidebar: its title, what was found in it, and what can be done with it.
Item {
    id: row
    required property int index
    required property var chatId
    required property string title
    required property string excerpt
    required property var messageId
    required property bool pinned
    required property bool archived
    required property bool deleted
    required property bool answering
    property bool current: false
    property bool showsFocus: false
    property int flashMs: 0
    property bool renaming: false
    signal opened()
    signal menuRequested()
    signal renamed(string title)
    signal removed()

    implicitHeight: lines.height + 16
    Accessible.role: Accessible.ListItem
    Accessible.name: [title, answering ? qsTr("is being answered") : "", pinned ? qsTr("pinned") : ""]
                         .filter(Boolean).join(", ")
    Accessible.description: excerpt.replace(/<[^>]*>/g, "")
    Accessible.focusable: true
    Accessible.focused: activeFocus
    Accessible.selected: current
    Accessible.onPressAction: opened()

    function open() { opened() }
    function rename() {
        renaming = true
        editor.text = title
        editor.forceActiveFocus()
        editor.selectAll()
    }
    function finish(keep: bool) {
        if (!renaming)
            return
        renaming = false
        if (keep)
            renamed(editor.text)
        forceActiveFocus()
    }

    Keys.onPressed: event => {
        const menuKey = event.key === Qt.Key_Menu || (event.key === Qt.Key_F10 && event.modifiers & Qt.ShiftModifier)
        if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter || event.key === Qt.Key_Space) opened()
        else if (event.key === Qt.Key_F2) rename()
        else if (event.key === Qt.Key_Delete && event.modifiers & Qt.ControlModifier) removed()
        else if (menuKey) menuRequested()
        else return
        event.accepted = true
    }

    HoverHandler { id: hover }
    TapHandler {
        acceptedButtons: Qt.LeftButton
        onTapped: row.opened()
        onDoubleTapped: row.rename()
    }
    TapHandler {
        acceptedButtons: Qt.RightButton
        onTapped: row.menuRequested()
    }

    Rectangle {
        anchors { fill: parent; leftMargin: 8; rightMargin: 8 }
        radius: Theme.radius
        color: row.current ? Theme.line : Theme.text
        opacity: row.current ? 1 : hover.hovered || (row.activeFocus && row.showsFocus) ? 0.05 : 0
    }
    Rectangle {
        anchors { fill: parent; leftMargin: 8; rightMargin: 8 }
        visible: row.activeFocus && row.showsFocus && !row.renaming
        radius: Theme.radius
        color: "transparent"
        border { width: 2; color: Theme.accent }
    }
    Column {
        id: lines
        anchors { left: parent.left; right: marks.left; leftMargin: 16; rightMargin: 4; verticalCenter: parent.verticalCenter }
        spacing: 2
        Label {
            width: parent.width
            visible: !row.renaming
            text: row.title
            font.weight: row.current ? Font.Medium : Font.Normal
            Accessible.ignored: true
        }
        Label {
            width: parent.width
            visible: row.excerpt !== "" && !row.renaming
            textFormat: Text.StyledText
            text: row.excerpt.replace(/<b>/g, "<b><font color=\"" + Theme.text + "\">").replace(/<\/b>/g, "</font></b>")
            color: Theme.textDim
            wrapMode: Text.Wrap
            maximumLineCount: 2
            Accessible.ignored: true
        }
    }
    LineEditor {
        id: editor
        objectName: "chatRename"
        anchors { left: parent.left; right: parent.right; leftMargin: 10; rightMargin: 10; verticalCenter: parent.verticalCenter }
        visible: row.renaming
        name: qsTr("Title of the chat")
        flashMs: row.flashMs
        onTaken: row.finish(true)
        onCancelled: row.finish(false)
        onActiveFocusChanged: if (!activeFocus) row.finish(true)
    }
    Row {
        id: marks
        anchors { right: parent.right; rightMargin: 12; verticalCenter: parent.verticalCenter }
        visible: !row.renaming
        spacing: 2
        Rectangle {
            anchors.verticalCenter: parent.verticalCenter
            visible: row.answering
            width: 8
            height: 8
            radius: 4
            color: Theme.accent
        }
        Icon {
            anchors.verticalCenter: parent.verticalCenter
            visible: row.pinned && !more.visible
            name: "pin"
            size: 14
            color: Theme.textDim
        }
        IconButton {
            id: more
            visible: hover.hovered
            focusPolicy: Qt.NoFocus
            implicitWidth: Math.round(24 * Theme.fontScale)
            implicitHeight: Math.round(20 * Theme.fontScale)
            iconName: "more"
            iconSize: 16
            text: qsTr("More for %1").arg(row.title)
            hint: qsTr("More")
            onClicked: row.menuRequested()
        }
    }
}
