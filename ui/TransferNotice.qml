import QtQuick
import Altiplano.App

// What became of an import or export.
Notice {
    required property ChatTransfer transfer
    readonly property bool failed: transfer.outcome === ChatTransfer.ImportFailed
                                   || transfer.outcome === ChatTransfer.ExportFailed

    visible: transfer.outcome !== ChatTransfer.Nothing
    tone: failed ? Theme.error : Theme.accent
    iconName: failed ? "warning" : "check"
    heading: transfer.outcome === ChatTransfer.Imported ? transfer.count === 1 ? qsTr("1 chat imported")
                                                                             : qsTr("%1 chats imported").arg(Format.count(transfer.count))
           : transfer.outcome === ChatTransfer.Exported ? transfer.count === 1 ? qsTr("1 chat saved")
                                                                             : qsTr("%1 chats saved").arg(Format.count(transfer.count))
           : transfer.outcome === ChatTransfer.ImportFailed ? qsTr("%1 was not imported").arg(Format.fileName(transfer.file))
           : qsTr("%1 was not saved").arg(Format.fileName(transfer.file))
    sentence: failed ? transfer.reason : transfer.outcome === ChatTransfer.Exported ? transfer.file : ""
    dismissal: qsTr("Dismiss")
    onDismissed: transfer.dismiss()
}
