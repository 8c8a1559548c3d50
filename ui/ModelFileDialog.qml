import QtQuick
import QtQuick.Dialogs
import Altiplano.App

// In a file of its own: it is loaded when it is asked for, since it takes longer than the whole window.
FileDialog {
    id: dialog
    required property ModelController model

    title: qsTr("Open a model")
    nameFilters: [qsTr("Models (*.gguf)"), qsTr("All files (*)")]
    onAccepted: model.openUrl(selectedFile)
}
