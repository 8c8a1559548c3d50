import QtQuick
import QtQuick.Layouts
import Altiplano.App
import Altiplano.Ui

// A result as a page: what was measured on what, plots, and the table of all figures.
ColumnLayout {
    id: result
    required property Comparison comparison
    required property bool wide
    property ExportMenu exporter: null
    // What changes with every row that comes in. Functions of the comparison do not tell by themselves: whoever
    // calls one hands it the table, which a compiler may not leave out.
    readonly property var table: comparison.table
    readonly property var series: comparison.series
    readonly property color ink: comparison.onGpu ? Theme.gpu : Theme.cpu
    readonly property color paleInk: Qt.tint(ink, Qt.rgba(Theme.base.r, Theme.base.g, Theme.base.b, 0.55))
    readonly property color paleCpu: Qt.tint(Theme.cpu, Qt.rgba(Theme.base.r, Theme.base.g, Theme.base.b, 0.55))

    function groups(metric: int, table: var): var { return comparison.groups(metric) }
    function promptAndDecode(table: var): var { return comparison.promptAndDecode() }

    spacing: 28

    ColumnLayout {
        Layout.fillWidth: true
        spacing: 4
        RowLayout {
            Layout.fillWidth: true
            Label {
                Layout.fillWidth: true
                text: result.comparison.title
                font.pixelSize: Theme.title
                font.weight: Font.DemiBold
                wrapMode: Text.Wrap
                Accessible.role: Accessible.Heading
            }
            ExportButton {
                section: result
                exporter: result.exporter
                table: Exporter.Results
            }
        }
        Label {
            Layout.fillWidth: true
            text: result.comparison.facts.join(" · ")
            color: Theme.textDim
            wrapMode: Text.Wrap
            lineHeight: 1.3
        }
        Label {
            Layout.fillWidth: true
            visible: text !== ""
            text: result.comparison.trend
            color: Theme.accent
            wrapMode: Text.Wrap
        }
    }
    GridLayout {
        Layout.fillWidth: true
        columns: result.wide ? 2 : 1
        columnSpacing: 48
        rowSpacing: 32

        GroupedBars {
            objectName: "speedBars"
            Layout.fillWidth: true
            Layout.preferredWidth: 1
            Layout.alignment: Qt.AlignTop
            exporter: result.exporter
            table: Exporter.Results
            visible: known
            heading: qsTr("Decoding, tokens per second")
            axis: qsTr("answers at once")
            groups: result.groups(Comparison.Speed, result.table)
            series: result.series
            colors: [result.ink, result.paleInk]
        }
        GroupedBars {
            Layout.fillWidth: true
            Layout.preferredWidth: 1
            Layout.alignment: Qt.AlignTop
            exporter: result.exporter
            table: Exporter.Results
            visible: known
            heading: qsTr("Work of the host, µs per token")
            axis: qsTr("answers at once")
            groups: result.groups(Comparison.HostUs, result.table)
            series: result.series
            colors: [Theme.cpu, result.paleCpu]
            format: value => Format.threeDigits(value)
        }
        GroupedBars {
            Layout.fillWidth: true
            Layout.preferredWidth: 1
            Layout.alignment: Qt.AlignTop
            exporter: result.exporter
            table: Exporter.Results
            visible: known
            heading: qsTr("Share of the memory roof, %")
            axis: qsTr("answers at once")
            groups: result.groups(Comparison.RoofPercent, result.table)
            series: result.series
            colors: [result.ink, result.paleInk]
        }
        GroupedBars {
            Layout.fillWidth: true
            Layout.preferredWidth: 1
            Layout.alignment: Qt.AlignTop
            exporter: result.exporter
            table: Exporter.Results
            visible: groups.length > 1
            heading: qsTr("Reading and writing, tokens per second")
            groups: result.promptAndDecode(result.table)
            colors: [result.ink]
            format: value => Format.count(value)
        }
    }
    DataTableView {
        objectName: "resultTable"
        Layout.fillWidth: true
        table: result.table
        columns: shown.map(column => column.index)
        titles: shown.map(column => column.title)
        formats: shown.map(column => column.format)

        readonly property var all: [ // by the columns of BenchSheet::table
            { index: 0, title: qsTr("test"), format: null, narrow: true },
            { index: 1, title: qsTr("graphs"), format: null, narrow: true },
            { index: 2, title: qsTr("at once"), format: null, narrow: true },
            { index: 4, title: qsTr("tokens/s"), format: value => Format.figure(value), narrow: true },
            { index: 5, title: qsTr("host µs/token"), format: value => Format.threeDigits(value), narrow: false },
            { index: 6, title: qsTr("host %"), format: value => Format.threeDigits(value), narrow: false },
            { index: 7, title: qsTr("device ms/token"),
              format: value => Number(value).toLocaleString(Format.locale, "f", 3), narrow: false },
            { index: 8, title: qsTr("roof %"), format: value => Format.count(value), narrow: false }
        ]
        readonly property var shown: all.filter(column => (result.wide || column.narrow) &&
                                                (result.comparison.onGpu || column.index !== 1))
    }
}
