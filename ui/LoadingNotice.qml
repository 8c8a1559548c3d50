import QtQuick
import QtQuick.Layouts
import Altiplano.App

// A model loads while a conversation is on the page.
Rectangle {
    id: notice
    required property ModelController model

    implicitHeight: Theme.control + 24
    radius: Theme.radius
    color: Theme.raised

    RowLayout {
        anchors { fill: parent; margins: 12 }
        spacing: 12
        Label {
            Layout.maximumWidth: parent.width / 2
            text: qsTr("Loading %1").arg(notice.model.loadingName)
        }
        ProgressLine {
            Layout.fillWidth: true
            label: qsTr("Loading the model")
            value: notice.model.progress
        }
        TextButton {
            text: qsTr("Cancel")
            onClicked: notice.model.cancel()
        }
    }
}
