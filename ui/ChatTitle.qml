import QtQuick
import Altiplano.App

// The title of the chat on the page: edited in place by a click or Enter.
Item {
    id: title
    required property ChatController chat
    property int flashMs: 0
    property bool editing: false
    readonly property bool begun: chat.title !== ""
    signal done()

    implicitHeight: Theme.control
    activeFocusOnTab: begun
    Accessible.role: Accessible.Heading
    Accessible.name: label.text
    Accessible.description: begun ? qsTr("Press Enter to change the title") : ""
    Accessible.onPressAction: edit()
    Keys.onReturnPressed: edit()
    Keys.onEnterPressed: edit()
    Keys.onPressed: event => { if (event.key === Qt.Key_F2) edit() }

    function edit() {
        if (!begun || editing)
            return
        editing = true
        editor.text = chat.title
        editor.forceActiveFocus()
        editor.selectAll()
    }
    function finish(keep: bool) {
        if (!editing)
            return
        editing = false
        if (keep)
            chat.title = editor.text
        done()
    }

    Rectangle {
        anchors { left: parent.left; verticalCenter: parent.verticalCenter }
        width: Math.min(label.implicitWidth + 12, parent.width)
        height: Theme.control - 4
        visible: !title.editing
        radius: 6
        color: title.begun && hover.hovered ? Theme.raised : "transparent"
        border { width: title.activeFocus ? 2 : 0; color: Theme.accent }
        HoverHandler { id: hover }
        TapHandler { onTapped: title.edit() }
        Label {
            id: label
            anchors { fill: parent; leftMargin: 6; rightMargin: 6 }
            verticalAlignment: Text.AlignVCenter
            text: title.chat.title || qsTr("New chat")
            font.weight: Font.Medium
            Accessible.ignored: true
        }
        Tip {
            visible: title.begun && hover.hovered
            text: qsTr("Change the title")
        }
    }
    LineEditor {
        id: editor
        objectName: "titleEditor"
        anchors { left: parent.left; verticalCenter: parent.verticalCenter }
        width: Math.min(parent.width, Math.max(200, contentWidth + 24))
        visible: title.editing
        name: qsTr("Title of the chat")
        flashMs: title.flashMs
        onTaken: title.finish(true)
        onCancelled: title.finish(false)
        onActiveFocusChanged: if (!activeFocus) title.finish(true)
    }
}
