import QtQuick
import QtQuick.Templates as T

// Folds what the model thought before it answered.
T.Button {
    id: control
    required property Item row
    readonly property bool unfolded: row.unfolded

    text: row.thinking ? qsTr("Thinking…")
        : row.seconds > 0 ? qsTr("Thought for %1").arg(Format.seconds(row.seconds)) : qsTr("Thought")
    implicitHeight: Theme.control
    focusPolicy: Qt.TabFocus
    Accessible.role: Accessible.Button
    Accessible.name: text
    Accessible.description: unfolded ? qsTr("Unfolded") : qsTr("Folded")
    Accessible.onPressAction: clicked()
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()
    onClicked: row.conversation.rows.setUnfolded(row.message, !unfolded)

    contentItem: Item {
        Icon {
            id: chevron
            anchors { left: parent.left; verticalCenter: parent.verticalCenter }
            name: "chevron-down"
            size: 16
            rotation: control.unfolded ? 0 : Theme.mirrored ? 90 : -90
            color: Theme.textDim
        }
        Label {
            anchors { left: chevron.right; leftMargin: 6; verticalCenter: parent.verticalCenter }
            text: control.text
            color: control.hovered ? Theme.text : Theme.textDim
        }
    }
    background: Item { FocusRing { control: control } }
}
