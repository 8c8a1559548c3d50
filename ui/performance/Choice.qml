import QtQuick
import QtQuick.Templates as T
import Altiplano.Ui

// One of a few options, side by side where there is room.
Flow {
    id: choice
    property string label
    property var options: []
    property int current: 0
    // A Flow's own implicit width is that of the lines it has now.
    readonly property real oneLine: {
        let sum = 0
        for (let i = 0; i < children.length; ++i)
            sum += children[i].implicitWidth
        return sum
    }
    signal chosen(int index)

    Accessible.role: Accessible.Grouping
    Accessible.name: label

    Repeater {
        model: choice.options
        delegate: T.AbstractButton {
            id: option
            required property int index
            required property string modelData
            implicitHeight: Math.round(28 * Theme.fontScale)
            implicitWidth: contentItem.implicitWidth + 24
            text: modelData
            checkable: true
            checked: choice.current === index
            focusPolicy: Qt.TabFocus
            Accessible.role: Accessible.RadioButton
            Accessible.name: choice.label + ": " + text
            Accessible.checked: checked
            Accessible.onPressAction: clicked()
            onClicked: {
                checked = Qt.binding(() => choice.current === index)
                choice.chosen(index)
            }
            contentItem: Text {
                text: option.text
                color: option.checked ? Theme.text : Theme.textDim
                font.pixelSize: Theme.small
                font.weight: option.checked ? Font.Medium : Font.Normal
                horizontalAlignment: Text.AlignHCenter
                verticalAlignment: Text.AlignVCenter
            }
            background: Rectangle {
                radius: 6
                color: option.checked ? Theme.line : option.hovered ? Theme.raised : "transparent"
                FocusRing { control: option }
            }
        }
    }
}
