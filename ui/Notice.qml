import QtQuick
import QtQuick.Layouts

// Something went wrong or needs a decision: what happened, and buttons that do something about it.
Rectangle {
    id: notice
    property string heading
    property string sentence
    property string action
    property string dismissal
    property color tone: Theme.error
    property string iconName: "warning"
    signal accepted()
    signal dismissed()

    implicitHeight: content.implicitHeight + 24
    radius: Theme.radius
    color: Theme.raised
    Accessible.role: Accessible.Notification // spoken when it is shown
    Accessible.name: (heading + ". " + sentence).trim()

    RowLayout {
        id: content
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: 12 }
        spacing: 12

        Icon {
            Layout.alignment: Qt.AlignTop
            name: notice.iconName
            color: notice.tone
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 2
            Label {
                Layout.fillWidth: true
                visible: text !== ""
                text: notice.heading
                font.weight: Font.DemiBold
                wrapMode: Text.Wrap
                maximumLineCount: 2
            }
            Label {
                Layout.fillWidth: true
                visible: text !== ""
                text: notice.sentence
                color: Theme.textDim
                wrapMode: Text.Wrap
                maximumLineCount: 8
                lineHeight: 1.3
            }
        }
        TextButton {
            visible: text !== ""
            text: notice.action
            onClicked: notice.accepted()
        }
        IconButton {
            visible: text !== ""
            iconName: "close"
            text: notice.dismissal
            onClicked: notice.dismissed()
        }
    }
}
