import QtQuick
import QtQuick.Templates as T
import Altiplano.Ui

// Text of several lines, taken as it is written.
T.TextArea {
    id: area
    property string label
    property string description
    property string value
    property int flashMs: 0
    signal edited(string newValue)

    objectName: "text"
    implicitHeight: Math.max(Math.round(Theme.body * 1.3 * 3), contentHeight) + topPadding + bottomPadding
    padding: 8
    wrapMode: TextEdit.Wrap
    textFormat: TextEdit.PlainText
    color: Theme.text
    selectionColor: Theme.accent
    selectedTextColor: Theme.accentText
    font.pixelSize: Theme.body
    selectByMouse: true
    activeFocusOnTab: true
    Accessible.name: label
    Accessible.description: description
    Keys.onTabPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
    Keys.onBacktabPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)
    cursorDelegate: TypingCaret { field: area; flashMs: area.flashMs }

    onValueChanged: if (value !== text) text = value
    Component.onCompleted: text = value
    onTextChanged: if (text !== value) edited(text)
    background: Rectangle {
        radius: Theme.radius
        color: Theme.base
        border { width: 1; color: area.activeFocus ? Theme.accent : Theme.line }
    }
}
