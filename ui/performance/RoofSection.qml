import QtQuick
import QtQuick.Layouts
import Altiplano.App
import Altiplano.Ui

// How fast weights and K/V are read, against the fastest that this device's memory was measured to read.
PlotSection {
    id: section
    required property PerformanceModel performance
    required property PhaseColors colors

    heading: qsTr("Memory roof")
    figure: Format.percent(performance.roofShare)

    tableView: DataTableView {
        table: section.swap.table
        columns: [0, 1]
        titles: [qsTr("memory"), qsTr("a second")]
        formats: [what => what === "read" ? qsTr("read") : qsTr("measured roof"), value => Format.bandwidth(value)]
    }

    Item {
        objectName: "roofBar"
        visible: !section.tabled
        Layout.fillWidth: true
        implicitHeight: 14
        Accessible.role: Accessible.Chart
        Accessible.name: qsTr("%1: %2 read of %3 measured").arg(section.heading)
            .arg(Format.bandwidth(section.performance.bytesPerSecond))
            .arg(Format.bandwidth(section.performance.roofBytesPerSecond))
        Rectangle {
            width: parent.width
            height: parent.height
            radius: 3
            color: Theme.raised
        }
        Rectangle {
            width: Math.round(parent.width * Math.min(1, section.performance.roofShare))
            height: parent.height
            radius: 3
            color: section.performance.onGpu ? Theme.gpu : Theme.cpu
        }
        Rectangle {
            anchors.right: parent.right
            y: -3
            width: 2
            height: parent.height + 6
            color: Theme.text
        }
    }
    Label {
        Layout.fillWidth: true
        text: (section.performance.roofShare > 1
               ? qsTr("Reads %1 of weights and context, more than memory gives (%2): a model this small stays in the processor's cache.")
               : qsTr("Reads %1 of weights and context, where %2 were measured. Decoding cannot be faster than its memory."))
            .arg(Format.bandwidth(section.performance.bytesPerSecond)).arg(Format.bandwidth(section.performance.roofBytesPerSecond))
        color: Theme.textDim
        wrapMode: Text.Wrap
        lineHeight: 1.3
    }
}
