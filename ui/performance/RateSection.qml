import QtQuick
import QtQuick.Layouts
import Altiplano.App
import Altiplano.Ui

// Tokens per second: the figure now, and how it went.
ColumnLayout {
    id: section
    required property PerformanceModel performance
    required property PhaseColors colors
    property ExportMenu exporter: null
    property int table: 0

    spacing: Theme.unit

    RowLayout {
        Layout.fillWidth: true
        spacing: 6
        Label {
            text: Format.figure(section.performance.tokensPerSecond)
            font.pixelSize: Math.round(32 * Theme.fontScale)
            font.weight: Font.Light
            Layout.alignment: Qt.AlignBottom
        }
        ColumnLayout {
            Layout.alignment: Qt.AlignBottom
            Layout.bottomMargin: 4
            spacing: 0
            Label {
                Layout.fillWidth: true
                text: qsTr("tokens per second")
                color: Theme.textDim
            }
            Label {
                Layout.fillWidth: true
                visible: text !== ""
                text: section.performance.firstTokenSeconds > 0
                      ? qsTr("first after %1").arg(Format.seconds(section.performance.firstTokenSeconds)) : ""
                color: Theme.textDim
            }
        }
        TableButton {
            Layout.alignment: Qt.AlignBottom
            Layout.bottomMargin: 4
            swapped: swap
        }
        ExportButton {
            Layout.alignment: Qt.AlignBottom
            Layout.bottomMargin: 4
            section: section
            exporter: section.exporter
            table: section.table
        }
    }
    SectionTable {
        id: swap
        Layout.fillWidth: true
        exporter: section.exporter
        what: qsTr("Tokens per second")
        which: section.table
        view: DataTableView {
            table: swap.table
            columns: [0, 1]
            titles: [qsTr("answer"), qsTr("tokens per second")]
            formats: [null, value => Format.figure(value)]
        }
    }
    RatePlot {
        visible: !swap.shown
        objectName: "ratePlot"
        Layout.fillWidth: true
        implicitHeight: 48
        source: section.performance
        colors: section.colors
        Accessible.role: Accessible.Chart
        Accessible.name: qsTr("Tokens per second over time: now %1").arg(Format.rate(section.performance.tokensPerSecond))
    }
}
