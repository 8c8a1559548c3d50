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
    readonly property string problem: input.text.trim() === "" ? "" : downloads.problemOf(input.text)
    readonly property bool ready: input.text.trim() !== "" && problem === ""
    spacing: 4

    function enter() {
        input.forceActiveFocus(Qt.OtherFocusReason)
        input.selectAll()
    }
    function take() {
        if (!ready)
            return
        downloads.download(input.text)
        input.clear()
    }

    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.unit
        T.TextField {
            id: input
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
            cursorDelegate: TypingCaret { field: input; flashMs: link.flashMs }
            onAccepted: link.take()

            background: Rectangle {
                radius: Theme.radius
                color: Theme.base
                border { width: 1; color: input.activeFocus ? Theme.accent : Theme.line }
            }
            Label {
                x: input.mirrored ? 0 : input.leftPadding
                anchors.verticalCenter: parent.verticalCenter
                width: input.width - input.leftPadding
                visible: input.length === 0 && input.preeditText === ""
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
