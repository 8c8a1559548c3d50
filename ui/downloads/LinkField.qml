import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Altiplano.App
import Altiplano.Ui

// Takes the link to a model file, and says what is wrong with it.
ColumnLayout {
    id: link
    required property DownloadListModel downloads
    property int flashMs: 0
    readonly property string problem: field.text.trim() === "" ? "" : downloads.problemOf(field.text)
    readonly property bool ready: field.text.trim() !== "" && problem === ""
    spacing: 4

    function enter() {
        field.forceActiveFocus(Qt.OtherFocusReason)
        field.selectAll()
    }
    function take() {
        if (!ready)
            return
        downloads.download(field.text)
        field.clear()
    }

    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.unit
        T.TextField {
            id: field
            objectName: "downloadLink"
            Layout.fillWidth: true
            implicitHeight: Theme.control
            leftPadding: 8
            rightPadding: 8
            verticalAlignment: TextInput.AlignVCenter
            color: Theme.text
            selectionColor: Theme.accent
            selectedTextColor: Theme.accentText
            font.pixelSize: Theme.small
            selectByMouse: true
            activeFocusOnTab: true
            inputMethodHints: Qt.ImhUrlCharactersOnly | Qt.ImhNoPredictiveText
            maximumLength: 4000
            Accessible.role: Accessible.EditableText
            Accessible.name: qsTr("Link to a model file")
            Accessible.description: link.problem
            cursorDelegate: TypingCaret { field: field; flashMs: link.flashMs }
            onAccepted: link.take()

            background: Rectangle {
                radius: Theme.radius
                color: Theme.base
                border { width: 1; color: field.activeFocus ? Theme.accent : Theme.line }
            }
            Label {
                x: field.mirrored ? 0 : field.leftPadding
                anchors.verticalCenter: parent.verticalCenter
                width: field.width - field.leftPadding
                visible: field.length === 0 && field.preeditText === ""
                text: qsTr("Paste a link that ends in .gguf")
                color: Theme.textDim
                Accessible.ignored: true
            }
        }
        TextButton {
            objectName: "downloadButton"
            text: qsTr("Download")
            enabled: link.ready
            opacity: enabled ? 1 : 0.5
            onClicked: link.take()
        }
    }
    Label {
        Layout.fillWidth: true
        visible: text !== ""
        text: link.problem
        color: Theme.warn
        wrapMode: Text.Wrap
        lineHeight: 1.3
        Accessible.role: Accessible.AlertMessage
    }
}
