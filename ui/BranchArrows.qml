import QtQuick
import Altiplano.App

// Which of its versions a message is, and the way to the others.
Row {
    id: arrows
    required property Item row
    required property ChatController chat

    function go(step: int) { chat.showBranch(row.message, row.branchIndex + step) }

    ActionButton {
        iconName: "chevron-left"
        text: qsTr("Previous version")
        enabled: arrows.row.branchIndex > 0
        onClicked: arrows.go(-1)
    }
    Label {
        anchors.verticalCenter: parent.verticalCenter
        text: qsTr("%1/%2").arg(arrows.row.branchIndex + 1).arg(arrows.row.branchCount)
        color: Theme.textDim
        Accessible.name: qsTr("Version %1 of %2").arg(arrows.row.branchIndex + 1).arg(arrows.row.branchCount)
    }
    ActionButton {
        iconName: "chevron-right"
        text: qsTr("Next version")
        enabled: arrows.row.branchIndex + 1 < arrows.row.branchCount
        onClicked: arrows.go(1)
    }
}
