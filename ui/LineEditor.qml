import QtQuick
import QtQuick.Templates as T

// One line of text that is edited in place: Enter takes it, Escape does not.
T.TextField {
    id: editor
    required property string name
    property int flashMs: 0
    signal taken()
    signal cancelled()

    implicitHeight: Theme.control - 4
    leftPadding: 6
    rightPadding: 6
    verticalAlignment: TextInput.AlignVCenter
    color: Theme.text
    selectionColor: Theme.accent
    selectedTextColor: Theme.accentText
    font.pixelSize: Theme.small
    selectByMouse: true
    maximumLength: 200
    Accessible.role: Accessible.EditableText
    Accessible.name: name
    cursorDelegate: TypingCaret { field: editor; flashMs: editor.flashMs }
    Keys.onReturnPressed: taken()
    Keys.onEnterPressed: taken()
    Keys.onEscapePressed: cancelled()
    background: Rectangle {
        radius: 6
        color: Theme.base
        border { width: 1; color: Theme.accent }
    }
}
