import QtQuick
import QtQuick.Templates as T
import Altiplano.App

// A table: as wide as its words want up to the column, scrolling sideways where its columns would get too narrow.
Flickable {
    id: block
    required property Item row
    readonly property Flickable scroller: this

    // The row at a point, or the one next to it.
    function editAt(x: real, y: real): Item {
        const at = grid.childAt(0, Math.max(0, Math.min(grid.height - 1, y)))
        return at ? at.edit : null
    }
    function links(): var {
        let all = []
        for (const line of grid.children)
            all = all.concat(line.edit && line.visible ? line.edit.links() : [])
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
        id: table
        content: block.row.kind === BlockKind.Table ? block.row.content : undefined
        available: block.width
        narrowest: Math.round(96 * Theme.fontScale)
        padding: 8
        font.pixelSize: Theme.body
        headerFont { pixelSize: Theme.body; weight: Font.DemiBold }
        monospace: Theme.monospace
        codeSize: Math.round(Theme.body * 0.9)
    }
    Column {
        id: grid
        width: table.width

        Repeater {
            model: table
            delegate: Item {
                id: line
                required property var cells
                required property bool header
                required property int start
                readonly property alias edit: text

                visible: cells !== undefined
                width: grid.width
                height: text.height
                SelectableText {
                    id: text
                    row: block.row
                    content: line.cells
                    offset: line.start - 1 // a table begins with a character of its own
                    width: parent.width
                    columnWidths: table.columnWidths
                    cellPadding: table.padding
                    font.weight: line.header ? Font.DemiBold : Font.Normal
                    Accessible.role: Accessible.Row
                    Accessible.name: block.row.growing ? "" : text.text.trim()
                }
                Rectangle {
                    y: parent.height - height
                    width: parent.width
                    height: 1
                    color: line.header ? Theme.textDim : Theme.line
                }
            }
        }
    }
}
