import QtQuick
import QtQuick.Layouts
import Altiplano.App
import Altiplano.Ui

// What the device's memory holds.
PlotSection {
    id: section
    required property PerformanceModel performance
    required property PhaseColors colors
    readonly property color ink: performance.onGpu ? Theme.gpu : Theme.cpu
    readonly property var parts: [
        { key: "weights", name: qsTr("weights"), bytes: performance.weightBytes, opacity: 1 },
        { key: "kv", name: qsTr("context (K/V)"), bytes: performance.kvBytes, opacity: 0.6 },
        { key: "workspace", name: qsTr("workspace"), bytes: performance.workspaceBytes, opacity: 0.3 },
        { key: "free", name: qsTr("free"), bytes: performance.freeBytes, opacity: 0 }
    ]
    readonly property real used: performance.weightBytes + performance.kvBytes + performance.workspaceBytes
    readonly property real shown: used + performance.freeBytes

    heading: qsTr("Memory")
    figure: qsTr("%1 in use").arg(Format.bytes(used))

    tableView: DataTableView {
        table: section.swap.table
        columns: [0, 1]
        titles: [qsTr("memory"), qsTr("size")]
        formats: [what => (section.parts.find(part => part.key === what) ?? { name: what }).name, value => Format.bytes(value)]
    }

    Rectangle {
        objectName: "memoryBar"
        visible: !section.tabled
        Layout.fillWidth: true
        implicitHeight: 14
        radius: 3
        color: Theme.raised
        clip: true
        Accessible.role: Accessible.Chart
        Accessible.name: section.heading + ": " + section.figure
        Row {
            id: bar
            anchors.fill: parent
            Repeater {
                model: section.parts
                delegate: Rectangle {
                    required property var modelData
                    width: section.shown > 0 && modelData.opacity > 0 && modelData.bytes > 0
                           ? Math.max(2, Math.round(bar.width * modelData.bytes / section.shown)) : 0
                    height: bar.height
                    color: section.ink
                    opacity: modelData.opacity
                }
            }
        }
    }
    Repeater {
        model: section.tabled ? [] : section.parts.filter(part => part.bytes > 0)
        delegate: RowLayout {
            id: line
            required property var modelData
            Layout.fillWidth: true
            spacing: Theme.unit
            Rectangle {
                implicitWidth: Math.round(10 * Theme.fontScale)
                implicitHeight: implicitWidth
                radius: 2
                color: Theme.raised
                border { width: line.modelData.opacity > 0 ? 0 : 1; color: Theme.line }
                Rectangle {
                    anchors.fill: parent
                    radius: 2
                    color: section.ink
                    opacity: line.modelData.opacity
                }
            }
            Label {
                Layout.fillWidth: true
                text: line.modelData.name
                Accessible.ignored: true
            }
            Label {
                text: Format.bytes(line.modelData.bytes)
                Accessible.name: line.modelData.name + ": " + text
            }
        }
    }
}
