import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Altiplano.App
import Altiplano.Ui

// Before the first word to a server: which one, and what it gets to know.
T.Popup {
    id: prompt
    required property DownloadListModel downloads
    property string host // stays while the prompt fades
    property string file

    Connections {
        target: prompt.downloads
        function onAskedChanged() {
            if (prompt.downloads.askedHost === "") return prompt.close()
            prompt.host = prompt.downloads.askedHost
            prompt.file = prompt.downloads.askedFile
            prompt.open()
        }
    }

    parent: T.Overlay.overlay
    anchors.centerIn: parent
    width: Math.min(parent ? parent.width - 48 : 0, Math.round(480 * Theme.fontScale))
    height: contentItem.implicitHeight + 2 * padding
    padding: 16
    modal: true
    focus: true
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside
    onOpened: allowButton.forceActiveFocus(Qt.TabFocusReason)
    onClosed: if (downloads.askedHost !== "") downloads.deny()

    contentItem: ColumnLayout {
        spacing: 12
        Label {
            Layout.fillWidth: true
            text: qsTr("Contact %1?").arg(prompt.host)
            font { pixelSize: Theme.body; weight: Font.DemiBold }
            wrapMode: Text.Wrap
        }
        Label {
            Layout.fillWidth: true
            text: qsTr("Altiplano asks %1 for %2, and any server that it sends on to. They get to know your internet address and which file you want, and nothing else.")
                  .arg(prompt.host).arg(prompt.file)
            wrapMode: Text.Wrap
            lineHeight: 1.3
        }
        Label {
            Layout.fillWidth: true
            text: qsTr("For this server you are not asked again.")
            color: Theme.textDim
            wrapMode: Text.Wrap
        }
        RowLayout {
            Layout.alignment: Qt.AlignRight
            spacing: Theme.unit
            TextButton {
                text: qsTr("Cancel")
                onClicked: prompt.close()
            }
            TextButton {
                id: allowButton
                objectName: "allowHost"
                primary: true
                text: qsTr("Contact and download")
                onClicked: prompt.downloads.allow()
            }
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: Theme.base
        border { width: 1; color: Theme.line }
        Accessible.role: Accessible.Dialog
        Accessible.name: qsTr("Contact %1?").arg(prompt.host)
    }
}
