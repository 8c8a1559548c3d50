import QtQuick
import QtQuick.Dialogs
import Altiplano.App

// Asks for the file to save chats in, or to read them from. In a file of its own: it is loaded when it is asked for.
FileDialog {
    id: dialog
    required property ChatTransfer transfer
    property var chatId: 0
    property string suffix

    // Saves that chat (0: all of them) in a file of that kind; reads one where none is named.
    function ask(id: var, kind: string) {
        chatId = id
        suffix = kind
        fileMode = kind ? FileDialog.SaveFile : FileDialog.OpenFile
        defaultSuffix = kind
        if (kind) {
            const file = transfer.suggestedFile(id, kind)
            currentFolder = file.toString().slice(0, file.toString().lastIndexOf("/"))
            selectedFile = file
        }
        open()
    }
    title: suffix ? qsTr("Save chats") : qsTr("Import chats")
    nameFilters: suffix === "md" ? [qsTr("Markdown (*.md)")]
               : [suffix ? qsTr("JSON (*.json)") : qsTr("Exported chats (*.json *.jsonl)"), qsTr("All files (*)")]
    onAccepted: {
        if (suffix) transfer.exportChats(chatId, selectedFile)
        else transfer.importFile(selectedFile)
    }
}
