import QtQuick
import QtQuick.Layouts
import Altiplano.App
import Altiplano.Ui

// Below the cards: where they come from, and how to get more.
ColumnLayout {
    id: footer
    required property AppContext app
    readonly property ModelLibrary library: app.library
    signal chooseFile()
    signal chooseFolder()

    spacing: Theme.unit

    Notice {
        Layout.fillWidth: true
        Layout.topMargin: 16
        visible: footer.library.failure !== ""
        heading: qsTr("The file was not moved")
        sentence: footer.library.failure
        dismissal: qsTr("Dismiss")
        onDismissed: footer.library.dismissFailure()
    }
    Label {
        Layout.fillWidth: true
        Layout.topMargin: 24
        text: qsTr("Folders")
        font.weight: Font.DemiBold
        Accessible.role: Accessible.Heading
    }
    Label {
        Layout.fillWidth: true
        text: qsTr("Model files in these folders, and in all below them, are listed here.")
        color: Theme.textDim
        wrapMode: Text.Wrap
    }
    Repeater {
        model: [footer.library.ownFolder, ...footer.library.addedFolders]
        delegate: RowLayout {
            id: folder
            required property string modelData
            required property int index
            Layout.fillWidth: true
            spacing: 8
            Icon {
                name: "folder"
                size: 16
                color: Theme.textDim
            }
            Label {
                Layout.fillWidth: true
                text: folder.modelData
                elide: Text.ElideMiddle
            }
            IconButton {
                objectName: "removeFolder"
                visible: folder.index > 0
                iconName: "close"
                iconSize: 14
                text: qsTr("Remove %1 from the list").arg(folder.modelData)
                hint: qsTr("Remove from the list")
                onClicked: footer.library.removeFolder(folder.modelData)
            }
        }
    }
    TextButton {
        text: qsTr("Add a folder…")
        onClicked: footer.chooseFolder()
    }

    Label {
        Layout.fillWidth: true
        Layout.topMargin: 24
        text: qsTr("Get more models")
        font.weight: Font.DemiBold
        Accessible.role: Accessible.Heading
    }
    Label {
        Layout.fillWidth: true
        text: qsTr("Altiplano runs models of the LLaMA and Qwen2 families, as GGUF files.")
        color: Theme.textDim
        wrapMode: Text.Wrap
    }
    TextButton {
        text: qsTr("Open a model file…")
        onClicked: footer.chooseFile()
    }
    DownloadPanel {
        Layout.fillWidth: true
        Layout.topMargin: Theme.unit
        app: footer.app
    }
}
