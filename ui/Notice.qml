import QtQuick
import QtQuick.Layouts

// Something went wrong or needs a decision: what happened, and buttons that do something about it.
Rectangle {
    id: notice
    property string heading
    property string sentence
    property string details // in the engine's words; copied by a button
    property string action
    property string dismissal
    property color tone: Theme.error
    property string iconName: "warning"
    signal copied(details: string)
    signal accepted()
    signal dismissed()

    implicitHeight: content.implicitHeight + 24
    radius: Theme.radius
    color: Theme.raised
    Accessible.role: Accessible.Notification // spoken when it is shown
    Accessible.name: [heading, sentence, details].filter(Boolean).join(". ")

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
            Loader {
                Layout.fillWidth: true
                active: notice.details !== ""
                visible: active
                sourceComponent: RowLayout {
                    spacing: 4
                    Label {
                        Layout.fillWidth: true
                        text: notice.details
                        color: Theme.textDim
                        wrapMode: Text.Wrap
                        maximumLineCount: 8
                        lineHeight: 1.3
                    }
                    CopyButton {
                        Layout.alignment: Qt.AlignTop
                        text: qsTr("Copy the details")
                        onClicked: notice.copied(notice.details)
                    }
                }
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
