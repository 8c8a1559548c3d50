import QtQuick
import QtQuick.Templates as T
import Altiplano.Ui

// One of a few options, side by side, in as many lines as they need. It shows what is the case and tells what
// is wanted.
Flow {
    id: choice
    property string label
    property var options: []
    property int current: -1
    signal chosen(int index)

    spacing: 4
    Accessible.role: Accessible.Grouping
    Accessible.name: label

    Repeater {
        model: choice.options
        delegate: T.AbstractButton {
            id: option
            required property int index
            required property string modelData
            readonly property bool is: choice.current === index
            implicitHeight: Math.round(28 * Theme.fontScale)
            implicitWidth: contentItem.implicitWidth + 24
            text: modelData
            focusPolicy: Qt.TabFocus
            Accessible.role: Accessible.RadioButton
            Accessible.name: choice.label + ": " + text
            Accessible.checked: is
            Accessible.onPressAction: clicked()
            onClicked: choice.chosen(index)
            Keys.onReturnPressed: clicked()
            Keys.onEnterPressed: clicked()
            contentItem: Text {
                text: option.text
                color: option.is ? Theme.text : Theme.textDim
                font.pixelSize: Theme.small
                font.weight: option.is ? Font.Medium : Font.Normal
                horizontalAlignment: Text.AlignHCenter
                verticalAlignment: Text.AlignVCenter
            }
            background: Rectangle {
                radius: 6
                color: option.is ? Theme.line : option.hovered ? Theme.raised : "transparent"
                border { width: 1; color: Theme.line }
                FocusRing { control: option }
            }
        }
    }
}
