import QtQuick
import QtQuick.Dialogs
import Altiplano.App

// In a file of its own, as ModelFileDialog is.
FolderDialog {
    required property ModelLibrary library

    title: qsTr("Add a folder of models")
    onAccepted: library.addFolder(selectedFolder)
}
