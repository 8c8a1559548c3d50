import QtQuick
import QtQuick.Dialogs

// In a file of its own, as ModelFileDialog is.
FileDialog {
    title: qsTr("Open a result")
    nameFilters: [qsTr("Measurements (*.json)"), qsTr("All files (*)")]
}
