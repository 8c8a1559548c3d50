import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Altiplano.App
import Altiplano.Ui

// The phases of a token as a table: the averages of this answer, and how they differ from the last one's. One
// stop of Tab; the arrows move from row to row, and a row opens layer by layer.
PlotSection {
    id: section
    required property PerformanceModel performance
    required property PhaseColors colors
    readonly property int numberWidth: Math.round(72 * Theme.fontScale)
    readonly property int shareWidth: Math.round(48 * Theme.fontScale)
    readonly property int changeWidth: Math.round(56 * Theme.fontScale)

    property int opened: -1 // the phase that is shown layer by layer
    property int current: 0 // the row that Tab goes to

    function moveTo(index: int) {
        if (index >= 0 && index < rows.count)
            rows.itemAt(index).forceActiveFocus(Qt.TabFocusReason)
    }

    heading: qsTr("Phases")
    figure: qsTr("average of %1 tokens").arg(Format.count(performance.tokens))

    Column {
        Layout.fillWidth: true
        Accessible.role: Accessible.Table
        Accessible.name: section.heading

        Repeater {
            id: rows
            model: section.performance.phases
            delegate: Item {
                id: row
                required property int index
                required property int phase
                required property string title
                required property string sentence
                required property real ns
                required property real share
                required property real change

                width: parent.width
                height: Math.round(24 * Theme.fontScale)
                readonly property bool visualFocus: activeFocus
                function toggle() { section.opened = section.opened === phase ? -1 : phase }
                activeFocusOnTab: index === Math.min(section.current, rows.count - 1)
                onActiveFocusChanged: if (activeFocus) section.current = index
                Keys.onReturnPressed: toggle()
                Keys.onEnterPressed: toggle()
                Keys.onSpacePressed: toggle()
                Keys.onUpPressed: section.moveTo(index - 1)
                Keys.onDownPressed: section.moveTo(index + 1)
                Accessible.role: Accessible.Row
                Accessible.focusable: true
                Accessible.focused: activeFocus
                Accessible.onPressAction: toggle()
                Accessible.description: section.opened === phase ? qsTr("Return closes its layers.") : qsTr("Return shows it layer by layer.")
                Accessible.name: qsTr("%1: %2 per token, %3. %4").arg(title).arg(Format.time(ns))
                    .arg(Format.percent(share)).arg(sentence)

                Rectangle {
                    anchors { fill: parent; leftMargin: -8; rightMargin: -8 }
                    radius: 4
                    color: Theme.raised
                    visible: hover.hovered
                }
                FocusRing { control: row }
                Rectangle {
                    id: swatch
                    anchors.verticalCenter: parent.verticalCenter
                    width: 10
                    height: 10
                    radius: 2
                    color: { section.colors.onGpu; section.colors.cpu; return section.colors.phase(row.phase) }
                }
                Label {
                    anchors { left: swatch.right; leftMargin: Theme.unit; right: time.left; verticalCenter: parent.verticalCenter }
                    text: row.title
                    Accessible.ignored: true
                }
                Label {
                    id: time
                    anchors { right: percent.left; verticalCenter: parent.verticalCenter }
                    width: section.numberWidth
                    horizontalAlignment: Text.AlignRight
                    text: Format.time(row.ns)
                    Accessible.ignored: true
                }
                Label {
                    id: percent
                    anchors { right: change.left; verticalCenter: parent.verticalCenter }
                    width: section.shareWidth
                    horizontalAlignment: Text.AlignRight
                    text: Format.percent(row.share)
                    color: Theme.textDim
                    Accessible.ignored: true
                }
                Label {
                    id: change
                    anchors { right: parent.right; verticalCenter: parent.verticalCenter }
                    width: section.changeWidth
                    horizontalAlignment: Text.AlignRight
                    text: Format.change(row.change)
                    color: Theme.textDim
                    Accessible.ignored: true
                }
                HoverHandler { id: hover }
                TapHandler { onTapped: row.toggle() }
                Tip {
                    visible: hover.hovered || row.visualFocus
                    text: row.sentence
                }
            }
        }
    }

    Loader {
        Layout.fillWidth: true
        active: section.opened >= 0 && section.exporter !== null
        visible: active
        sourceComponent: DataTableView {
            table: section.exporter.app.exporter.layers(section.opened)
            columns: [0, 1]
            titles: [qsTr("%1, layer").arg(table.title), qsTr("a token")]
            formats: [null, us => Format.time(us * 1000)]
        }
    }
}
