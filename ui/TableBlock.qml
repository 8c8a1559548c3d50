import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Altiplano.App

// A table: as wide as its words want up to the column, scrolling sideways where its columns would get too narrow.
Flickable {
    id: block
    required property Item row
    readonly property real narrowest: Math.round(96 * Theme.fontScale) * cells.columns
    readonly property Flickable scroller: this

    // The cell at a point, or the one next to it.
    function editAt(x: real, y: real): Item {
        const within = grid.mapFromItem(block, x, y)
        const inside = (at, size) => Math.max(0, Math.min(size - 1, at))
        const cell = grid.childAt(inside(within.x, grid.width), inside(within.y, grid.height))
        return cell ? cell.edit : null
    }
    function links(): var {
        let all = []
        for (const cell of grid.children)
            all = all.concat(cell.edit ? cell.edit.links() : [])
        return all
    }

    implicitHeight: grid.height + (bar.visible ? bar.height : 0)
    contentWidth: grid.width
    contentHeight: height
    flickableDirection: Flickable.HorizontalFlick
    boundsBehavior: Flickable.StopAtBounds
    clip: true
    T.ScrollBar.horizontal: ThinScrollBar { id: bar }
    Accessible.role: Accessible.Table
    Accessible.name: row.spoken

    TableModel {
        id: cells
        content: block.row.content
    }
    GridLayout {
        id: grid
        width: Math.min(implicitWidth, Math.max(block.width, block.narrowest))
        columns: Math.max(1, cells.columns)
        columnSpacing: 0
        rowSpacing: 0

        Repeater {
            model: cells
            delegate: Item {
                id: slot
                required property int index
                required property var cell
                required property int alignment
                required property bool header
                required property int start
                readonly property alias edit: text

                Layout.fillWidth: true
                Layout.fillHeight: true
                Layout.minimumWidth: Math.min(implicitWidth, Math.round(96 * Theme.fontScale))
                implicitWidth: Math.ceil(text.implicitWidth) + 24
                implicitHeight: text.height + 12
                SelectableText {
                    id: text
                    row: block.row
                    content: slot.cell
                    offset: slot.start
                    x: slot.index % cells.columns === 0 ? 4 : 12
                    y: 6
                    width: slot.width - x - 12
                    horizontalAlignment: slot.alignment
                    font.weight: slot.header ? Font.DemiBold : Font.Normal
                    Accessible.role: slot.header ? Accessible.ColumnHeader : Accessible.Cell
                    Accessible.name: block.row.growing ? "" : text.text
                }
                Rectangle {
                    y: parent.height - height
                    width: parent.width
                    height: 1
                    color: slot.header ? Theme.textDim : Theme.line
                }
            }
        }
    }
}
