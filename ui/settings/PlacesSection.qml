import QtQuick
import QtQuick.Layouts
import Altiplano.App
import Altiplano.Ui

// Where things are kept.
ColumnLayout {
    id: places
    required property AppContext app
    signal modelsWanted()
    spacing: 0

    component Place: RowLayout {
        id: place
        property string title
        property string path
        property string action: qsTr("Open folder")
        signal triggered()
        Layout.topMargin: 12
        Layout.bottomMargin: 12
        spacing: 24
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 2
            Label {
                Layout.fillWidth: true
                text: place.title
                font.pixelSize: Theme.body
                wrapMode: Text.Wrap
            }
            Label {
                Layout.fillWidth: true
                text: place.path
                color: Theme.textDim
                wrapMode: Text.WrapAnywhere
            }
        }
        TextButton {
            text: place.action
            Accessible.name: place.title + ": " + text
            onClicked: place.triggered()
        }
    }

    Label {
        Layout.fillWidth: true
        Layout.topMargin: 24
        Layout.bottomMargin: 4
        text: qsTr("Folders")
        font { pixelSize: Theme.body; weight: Font.DemiBold }
        Accessible.role: Accessible.Heading
    }
    Rectangle {
        Layout.fillWidth: true
        implicitHeight: 1
        color: Theme.line
    }
    Place {
        objectName: "chatsFolder"
        title: qsTr("Chats, presets and measurements")
        path: places.app.dataFolder
        onTriggered: places.app.openFolder(path)
    }
    Rectangle {
        Layout.fillWidth: true
        implicitHeight: 1
        color: Theme.line
    }
    Place {
        objectName: "modelFolders"
        title: qsTr("Models")
        path: places.app.library.addedFolders.join("\n") || qsTr("No folder was added.")
        action: qsTr("Choose folders…")
        onTriggered: places.modelsWanted()
    }
    Item { implicitHeight: 24 }
}
