import QtQuick
import QtQuick.Layouts
import Altiplano.App

// Before the first message: what is ready, and what to try. Without a model: how to get one.
Item {
    id: empty
    required property AppContext app
    readonly property ModelController model: app.model
    readonly property bool loading: model.state === ModelController.Loading
    readonly property bool none: model.state === ModelController.None
    signal chooseFile()
    signal tried(string text)

    ColumnLayout {
        anchors.centerIn: parent
        width: Math.min(parent.width - 48, Math.round(480 * Theme.fontScale))
        spacing: Theme.unit

        Icon {
            Layout.alignment: Qt.AlignHCenter
            Layout.bottomMargin: Theme.unit
            name: "mark-large"
            size: 72
            color: Theme.accent
        }
        Label {
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignHCenter
            font { pixelSize: Theme.title; weight: Font.DemiBold }
            wrapMode: Text.Wrap
            maximumLineCount: 2
            text: empty.none ? qsTr("Choose a model to begin")
                : empty.loading ? qsTr("Loading %1").arg(empty.model.loadingName)
                : qsTr("%1 is ready").arg(empty.model.name)
            Accessible.role: Accessible.Heading
        }
        Label {
            Layout.fillWidth: true
            horizontalAlignment: Text.AlignHCenter
            font.pixelSize: Theme.body
            color: Theme.textDim
            wrapMode: Text.Wrap
            text: empty.none ? qsTr("Altiplano runs GGUF files. Drop one here, or open one.")
                : empty.model.backend !== "remote" ? qsTr("It runs on this computer. What you write stays here.")
                : empty.model.leavesComputer ? qsTr("It runs at %1. What you write is sent there.").arg(empty.model.deviceName)
                : qsTr("Another program on this computer runs it, at %1.").arg(empty.model.deviceName)
        }
        RowLayout {
            Layout.fillWidth: true
            Layout.preferredHeight: Theme.control
            Layout.topMargin: Theme.unit
            visible: empty.loading
            spacing: 12
            ProgressLine {
                Layout.fillWidth: true
                label: qsTr("Loading the model")
                value: empty.model.progress
            }
            TextButton {
                text: qsTr("Cancel")
                onClicked: empty.model.cancel()
            }
        }
        TextButton {
            Layout.alignment: Qt.AlignHCenter
            Layout.topMargin: Theme.unit
            visible: empty.none
            primary: true
            text: qsTr("Open a model file…")
            onClicked: empty.chooseFile()
        }
        Item { implicitHeight: Theme.unit }
        Repeater {
            model: empty.none ? [] : [
                qsTr("Why is the sky blue?"),
                qsTr("Give me five names for a small café"),
                qsTr("Explain what a pointer is to a ten-year-old"),
            ]
            delegate: Suggestion {
                required property string modelData
                Layout.fillWidth: true
                text: modelData
                onClicked: empty.tried(text)
            }
        }
    }
}
