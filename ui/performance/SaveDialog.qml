import QtQuick
import QtQuick.Dialogs

// In a file of its own, as ModelFileDialog is.
FileDialog {
    property string suffix

    title: qsTr("Save")
    fileMode: FileDialog.SaveFile
    defaultSuffix: suffix
    nameFilters: ["*." + suffix]
}
