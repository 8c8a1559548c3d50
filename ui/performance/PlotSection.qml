import QtQuick
import QtQuick.Layouts
import Altiplano.Ui

// A heading with its figure at the right, and what belongs to it below.
ColumnLayout {
    id: section
    property string heading
    property string figure
    property ExportMenu exporter: null
    property int table: 0 // Exporter.Table
    property bool hasTrace: false
    property Component tableView: null // what stands in for the plot: a DataTableView of `swap.table`
    readonly property alias swap: swap
    readonly property bool tabled: swap.shown

    spacing: Theme.unit

    RowLayout {
        Layout.fillWidth: true
        spacing: 4
        Label {
            Layout.fillWidth: true
            text: section.heading
            font.weight: Font.DemiBold
            Accessible.role: Accessible.Heading
        }
        Label {
            text: section.figure
            color: Theme.textDim
        }
        TableButton { swapped: swap }
        ExportButton {
            section: section
            exporter: section.exporter
            table: section.table
            hasTrace: section.hasTrace
        }
    }
    SectionTable {
        id: swap
        Layout.fillWidth: true
        exporter: section.exporter
        what: section.heading
        which: section.table
        view: section.exporter ? section.tableView : null
    }
}
