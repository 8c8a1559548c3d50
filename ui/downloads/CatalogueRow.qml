import QtQuick
import QtQuick.Layouts
import Altiplano.Ui

// A well-known model that can be fetched.
Item {
    id: row
    required property var modelData
    property string path // of the file, if it is here already
    readonly property string link: modelData.link
    // The file, the conversation's memory and some room to compute in; no more exact than that is.
    readonly property real memory: Math.ceil(modelData.bytes * 1.2 / 1e8) * 1e8
    readonly property string use: {
        switch (modelData.use) {
        case "quick": return qsTr("Small and quick")
        case "everyday": return qsTr("For every day")
        case "code": return qsTr("For programming")
        case "large": return qsTr("Large, for strong machines")
        }
        return ""
    }
    readonly property string facts: [
        use, qsTr("%1 parameters").arg(modelData.parameters), modelData.quantization,
        modelData.bytes > 0 ? Format.bytes(modelData.bytes) : "",
        memory > 0 ? qsTr("needs about %1 of memory").arg(Format.bytes(memory)) : "",
        modelData.license].filter(Boolean).join(" · ")
    signal downloadWanted()
    signal loadWanted()

    implicitHeight: content.implicitHeight + 16
    Accessible.role: Accessible.ListItem
    Accessible.name: [modelData.name, facts].join(". ")

    RowLayout {
        id: content
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter }
        spacing: 12
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 2
            Label {
                Layout.fillWidth: true
                text: row.modelData.name
                font.weight: Font.Medium
            }
            Label {
                Layout.fillWidth: true
                text: row.facts
                color: Theme.textDim
                wrapMode: Text.Wrap
            }
        }
        TextButton {
            text: row.path !== "" ? qsTr("Load") : qsTr("Download")
            Accessible.description: row.modelData.name
            onClicked: row.path !== "" ? row.loadWanted() : row.downloadWanted()
        }
    }
    Rectangle {
        anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
        height: 1
        color: Theme.line
    }
}
