import QtQuick
import QtQuick.Layouts

// What was just put away, and the way back. Stays until it no longer applies.
RowLayout {
    id: undo
    property string text
    property string action
    signal accepted()

    spacing: 12
    Label {
        text: undo.text
        color: Theme.textDim
    }
    TextButton {
        text: undo.action
        onClicked: undo.accepted()
    }
}
