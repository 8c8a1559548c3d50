import QtQuick
import QtQuick.Layouts
import Altiplano.Ui

// One setting: what it is, what it is set to, and the way back to what it usually is.
Item {
    id: row
    required property string key
    required property string title
    required property string explanation
    required property string kind
    required property var value
    required property bool changed
    required property string usual
    required property var options
    required property int chosen
    required property var range
    property bool editable: true
    property int flashMs: 0
    readonly property bool stacked: kind === "text" || width < 560 * Theme.fontScale
    signal picked(int option)
    signal edited(var newValue)
    signal reset()
    signal focused()

    objectName: key
    implicitHeight: grid.implicitHeight + 2 * 12
    Accessible.role: Accessible.Grouping
    Accessible.name: title

    Rectangle {
        anchors { top: parent.top; left: parent.left; right: parent.right }
        height: 1
        color: Theme.line
    }
    GridLayout {
        id: grid
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter }
        columns: row.stacked ? 1 : 2
        columnSpacing: 24
        rowSpacing: Theme.unit

        ColumnLayout {
            Layout.fillWidth: true
            spacing: 2
            RowLayout {
                Layout.fillWidth: true
                spacing: 4
                Label {
                    Layout.maximumWidth: grid.width - back.width - 8
                    text: row.title
                    font.pixelSize: Theme.body
                    wrapMode: Text.Wrap
                    elide: Text.ElideNone
                }
                IconButton {
                    id: back
                    objectName: "reset"
                    implicitWidth: Math.round(24 * Theme.fontScale)
                    implicitHeight: implicitWidth
                    opacity: enabled ? 1 : 0
                    enabled: row.changed && row.editable
                    iconName: "restore"
                    iconSize: 14
                    text: qsTr("Reset %1").arg(row.title)
                    hint: qsTr("Back to: %1").arg(row.usual.length > 80 ? row.usual.slice(0, 80) + "…" : row.usual)
                    onClicked: row.reset()
                    onActiveFocusChanged: if (activeFocus) row.focused()
                }
            }
            Label {
                Layout.fillWidth: true
                visible: text !== ""
                text: row.explanation
                color: Theme.textDim
                wrapMode: Text.Wrap
                elide: Text.ElideNone
                lineHeight: 1.2
                Accessible.ignored: true
            }
        }
        Loader {
            id: editor
            Layout.alignment: row.stacked ? Qt.AlignLeft : Qt.AlignRight | Qt.AlignVCenter
            Layout.fillWidth: row.stacked && (row.kind === "text" || row.kind === "choice")
            Layout.maximumWidth: grid.width
            enabled: row.editable
            opacity: enabled ? 1 : 0.6
            sourceComponent: ({ switch: onOff, choice: oneOf, number: number, text: text })[row.kind]
            onActiveFocusChanged: if (activeFocus) row.focused()
        }
    }
    Component {
        id: onOff
        SwitchField {
            checked: row.value
            name: row.title
            description: row.explanation
            onToggled: row.edited(checked)
        }
    }
    Component {
        id: oneOf
        Choice {
            label: row.title
            options: row.options
            current: row.chosen
            onChosen: index => row.picked(index)
        }
    }
    Component {
        id: number
        NumberField {
            label: row.title
            description: row.explanation
            value: row.value
            range: row.range
            flashMs: row.flashMs
            onEdited: newValue => row.edited(newValue)
        }
    }
    Component {
        id: text
        TextBox {
            label: row.title
            description: row.explanation
            value: row.value
            flashMs: row.flashMs
            onEdited: newValue => row.edited(newValue)
        }
    }
}
