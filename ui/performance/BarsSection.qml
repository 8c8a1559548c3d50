import QtQuick
import QtQuick.Layouts
import Altiplano.App
import Altiplano.Ui

// The newest tokens as stacked bars.
PlotSection {
    id: section
    required property PerformanceModel performance
    required property PhaseColors colors

    heading: bars.tokens > 1 ? qsTr("The last %1 tokens").arg(Format.count(bars.tokens)) : qsTr("The last token")
    figure: qsTr("%1 a token").arg(Format.time(performance.nsPerToken))

    tableView: DataTableView {
        readonly property var phases: table.largestColumns(2, Math.max(1, Math.floor(section.width / (72 * Theme.fontScale)) - 2))
        table: section.swap.table
        columns: [0, 1].concat(phases)
        titles: [qsTr("token"), qsTr("all")].concat(phases.map(column => section.performance.phases.title(column - 2)))
        formats: columns.map((column, i) => i === 0 ? null : us => Format.time(us * 1000))
    }

    Item {
        visible: !section.tabled
        Layout.fillWidth: true
        implicitHeight: 132

        TokenBars {
            id: bars
            objectName: "tokenBars"
            anchors { fill: parent; topMargin: 4; leftMargin: axis.width + Theme.unit }
            source: section.performance
            colors: section.colors
            Accessible.role: Accessible.Chart
            Accessible.name: section.heading + ": " + section.figure
            Accessible.description: qsTr("The button beside the heading shows the figures as a table.")
        }
        Column {
            id: axis
            width: Math.ceil(topLabel.implicitWidth)
            height: parent.height
            Label {
                id: topLabel
                text: bars.topNs > 0 ? Format.time(bars.topNs) : ""
                color: Theme.textDim
                font.pixelSize: Math.round(11 * Theme.fontScale)
                Accessible.ignored: true
            }
        }
        Label {
            anchors { right: bars.left; bottom: bars.bottom; rightMargin: Theme.unit }
            text: "0"
            color: Theme.textDim
            font.pixelSize: Math.round(11 * Theme.fontScale)
            Accessible.ignored: true
        }
        PhaseTip {
            plot: bars
        }
    }
}
