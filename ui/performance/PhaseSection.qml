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
    readonly property int rowHeight: Math.round(24 * Theme.fontScale)
    property int opened: -1 // the phase that is shown layer by layer
    property int current: 0 // the row that Tab goes to

    property var titles: [] // a line for every row
    property var times: []
    property var shares: []
    property var changes: []

    // Handed what tells of a change, which a compiler may not leave out.
    function colorOf(phase: int, onGpu: bool, cpu: color): color { return colors.phase(phase) }
    function readNumbers() {
        const phases = performance.phases
        titles = phases.column(PhaseTable.TitleRole)
        times = phases.column(PhaseTable.NsRole)
        shares = phases.column(PhaseTable.ShareRole)
        changes = phases.column(PhaseTable.ChangeRole)
    }
    Component.onCompleted: readNumbers()
    Connections {
        target: section.performance.phases
        function onDataChanged() { section.readNumbers() }
        function onModelReset() { section.readNumbers() }
    }

    function moveTo(index: int) {
        if (index >= 0 && index < rows.count)
            rows.itemAt(index).forceActiveFocus(Qt.TabFocusReason)
    }

    heading: qsTr("Phases")
    figure: qsTr("average of %1 tokens").arg(Format.count(performance.tokens))

    Item {
        Layout.fillWidth: true
        implicitHeight: body.height

        Column {
            id: body
            width: parent.width
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

                    width: parent.width
                    height: section.rowHeight
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
                        anchors.verticalCenter: parent.verticalCenter
                        width: Math.round(10 * Theme.fontScale)
                        height: width
                        radius: 2
                        color: section.colorOf(row.phase, section.colors.onGpu, section.colors.cpu)
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
        TextColumn {
            anchors { left: parent.left; leftMargin: Math.round(10 * Theme.fontScale) + Theme.unit; right: timeColumn.left }
            rowHeight: section.rowHeight
            horizontalAlignment: Text.AlignLeft
            elided: true
            lines: section.titles
        }
        TextColumn {
            id: timeColumn
            anchors.right: shareColumn.left
            width: Math.round(72 * Theme.fontScale)
            rowHeight: section.rowHeight
            lines: section.times.map(ns => Format.time(ns))
        }
        TextColumn {
            id: shareColumn
            anchors.right: changeColumn.left
            width: Math.round(48 * Theme.fontScale)
            rowHeight: section.rowHeight
            color: Theme.textDim
            lines: section.shares.map(share => Format.percent(share))
        }
        TextColumn {
            id: changeColumn
            anchors.right: parent.right
            width: Math.round(56 * Theme.fontScale)
            rowHeight: section.rowHeight
            color: Theme.textDim
            lines: section.changes.map(change => Format.change(change))
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
