import QtQuick
import Altiplano.App

// Says before it happens what a full context means for this chat, and lets the user choose.
Row {
    id: note
    required property AppContext app
    readonly property int total: app.model.contextTokens
    readonly property int ahead: app.chat.contextUsed + app.draft.tokens
    readonly property bool drops: app.chat.dropsOldest

    visible: app.model.backend !== "remote" && total > 0 && ahead > total * 0.8
    spacing: Theme.unit
    Icon {
        anchors.verticalCenter: parent.verticalCenter
        name: "warning"
        size: 16
        color: Theme.warn
    }
    Label {
        anchors.verticalCenter: parent.verticalCenter
        width: Math.min(implicitWidth, note.width - choice.width - 48)
        wrapMode: Text.Wrap
        maximumLineCount: 3
        color: Theme.textDim
        text: note.drops ? qsTr("The context is nearly full. When it is, the model no longer sees the oldest messages.")
                         : qsTr("The context is nearly full. When it is, the answer ends.")
    }
    TextButton {
        id: choice
        text: note.drops ? qsTr("End the answer instead") : qsTr("Drop the oldest instead")
        onClicked: note.app.chat.dropsOldest = !note.drops
    }
}
