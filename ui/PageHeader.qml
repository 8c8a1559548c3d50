import QtQuick

// The top of a page that stands over the conversation: its title, and the way back.
Item {
    id: header
    required property string title
    default property alias buttons: buttons.data
    signal closed()

    implicitHeight: Theme.control + 2 * 12

    Label {
        anchors { left: parent.left; right: buttons.left; leftMargin: 24; rightMargin: 8; verticalCenter: parent.verticalCenter }
        text: header.title
        font { pixelSize: Theme.title; weight: Font.DemiBold }
        Accessible.role: Accessible.Heading
    }
    Row {
        id: buttons
        anchors { right: closeButton.left; rightMargin: 4; verticalCenter: parent.verticalCenter }
        spacing: 4
    }
    IconButton {
        id: closeButton
        objectName: "closePage"
        anchors { right: parent.right; rightMargin: 12; verticalCenter: parent.verticalCenter }
        iconName: "close"
        text: qsTr("Back to the chat")
        hint: qsTr("Back to the chat (Esc)")
        onClicked: header.closed()
    }
}
