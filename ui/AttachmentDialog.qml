import QtQuick
import QtQuick.Dialogs
import Altiplano.App

// In a file of its own: it is loaded when it is asked for.
FileDialog {
    id: dialog
    required property Draft draft

    title: qsTr("Attach text files")
    fileMode: FileDialog.OpenFiles
    onAccepted: {
        for (const file of selectedFiles)
            draft.attach(file)
    }
}
