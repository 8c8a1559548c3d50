import QtQuick
import QtQuick.Templates as T

// One line to search with.
T.TextField {
    id: search
    property string placeholder
    property string hint
    property int flashMs: 0

    implicitHeight: Theme.control
    readonly property int before: Math.round(16 * Theme.fontScale) + 16
    readonly property int after: clearButton.visible ? clearButton.width + 4 : 8
    leftPadding: Theme.mirrored ? after : before
    rightPadding: Theme.mirrored ? before : after
    verticalAlignment: TextInput.AlignVCenter
    color: Theme.text
    selectionColor: Theme.accent
    selectedTextColor: Theme.accentText
    font.pixelSize: Theme.small
    selectByMouse: true
    activeFocusOnTab: true
    Accessible.role: Accessible.EditableText
    Accessible.name: placeholder
    Accessible.description: hint
    cursorDelegate: TypingCaret { field: search; flashMs: search.flashMs }

    background: Rectangle {
        radius: Theme.radius
        color: Theme.base
        border { width: 1; color: search.activeFocus ? Theme.accent : Theme.line }
    }
    Icon {
        anchors { left: parent.left; leftMargin: 9; verticalCenter: parent.verticalCenter }
        name: "search"
        size: 16
        color: Theme.textDim
    }
    Label {
        anchors { left: parent.left; leftMargin: search.before; right: parent.right; rightMargin: 8; verticalCenter: parent.verticalCenter }
        visible: search.length === 0 && search.preeditText === ""
        text: search.placeholder
        color: Theme.textDim
        Accessible.ignored: true
    }
    IconButton {
        id: clearButton
        anchors { right: parent.right; rightMargin: 2; verticalCenter: parent.verticalCenter }
        implicitWidth: Theme.control - 4
        implicitHeight: Theme.control - 4
        visible: search.length > 0
        iconName: "close"
        iconSize: 14
        text: qsTr("Clear the search")
        onClicked: search.clear()
    }
    Tip {
        visible: search.hovered && !search.activeFocus && search.hint !== ""
        text: search.hint
    }
}
