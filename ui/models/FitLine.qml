import QtQuick
import QtQuick.Layouts
import Altiplano.Ui

// How a model would run here: a verdict, and the memory it needs.
RowLayout {
    id: line
    required property var fit // ModelFit
    readonly property bool known: fit !== null && fit !== undefined && fit.known

    spacing: 6
    Accessible.role: Accessible.StaticText
    Accessible.name: [verdict.text, detail.text].filter(Boolean).join(", ")

    Rectangle {
        Layout.alignment: Qt.AlignVCenter
        implicitWidth: 6
        implicitHeight: 6
        radius: 3
        color: !line.known ? "transparent" : line.fit.tooBig ? Theme.warn : line.fit.gpuLayers > 0 ? Theme.gpu : Theme.cpu
    }
    Label {
        id: verdict
        text: line.known ? Format.fit(line.fit) : qsTr("Computing what it needs…")
        color: line.known && line.fit.tooBig ? Theme.warn : line.known ? Theme.text : Theme.textDim
        Accessible.ignored: true
    }
    Label {
        id: detail
        Layout.fillWidth: true
        text: line.known ? Format.memory(line.fit) : ""
        color: Theme.textDim
        Accessible.ignored: true
    }
}
