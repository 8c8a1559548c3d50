import QtQuick
import QtQuick.Templates as T
import Altiplano.Ui

// A labelled line of a form, with what is to be known about it below.
Column {
    id: form
    required property string label
    property string placeholder
    property string note
    property color noteColor: Theme.textDim
    property bool secret: false
    property int flashMs: 0
    property alias text: line.text
    property alias field: line
    signal edited()
    signal accepted()

    spacing: 4
    Label {
        text: form.label
        font.weight: Font.Medium
        Accessible.ignored: true
    }
    T.TextField {
        id: line
        width: parent.width
        implicitHeight: Theme.control
        leftPadding: 8
        rightPadding: 8
        verticalAlignment: TextInput.AlignVCenter
        color: Theme.text
        selectionColor: Theme.accent
        selectedTextColor: Theme.accentText
        font.pixelSize: Theme.small
        selectByMouse: true
        maximumLength: 2000
        echoMode: form.secret ? TextInput.Password : TextInput.Normal
        inputMethodHints: form.secret ? Qt.ImhHiddenText | Qt.ImhSensitiveData : Qt.ImhNoAutoUppercase
        activeFocusOnTab: true
        Accessible.role: Accessible.EditableText
        Accessible.name: form.label
        Accessible.description: form.note
        Accessible.passwordEdit: form.secret
        cursorDelegate: TypingCaret { field: line; flashMs: form.flashMs }
        onTextEdited: form.edited()
        Keys.onReturnPressed: form.accepted()
        Keys.onEnterPressed: form.accepted()
        background: Rectangle {
            radius: 6
            color: Theme.base
            border { width: 1; color: line.activeFocus ? Theme.accent : Theme.line }
        }
        Label {
            anchors { left: parent.left; right: parent.right; leftMargin: 8; rightMargin: 8; verticalCenter: parent.verticalCenter }
            visible: line.length === 0 && line.preeditText === ""
            text: form.placeholder
            color: Theme.textDim
            Accessible.ignored: true
        }
    }
    Label {
        width: parent.width
        visible: text !== ""
        text: form.note
        color: form.noteColor
        wrapMode: Text.Wrap
        maximumLineCount: 6
    }
}
