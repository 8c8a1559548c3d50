import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Altiplano.App

// A table: as wide as its words want up to the column, scrolling sideways where its columns would get too narrow.
Flickable {
    id: block
    required property Item row
    readonly property real narrowest: Math.round(96 * Theme.fontScale) * cells.columns
    readonly property bool selected: {
        row.conversation.selectionStep // asks again
        const part = row.conversation.selection.within(row.index, row.text.length)
        return part.x < part.y
    }

    implicitHeight: grid.height + (bar.visible ? bar.height : 0)
    contentWidth: grid.width
    contentHeight: height
    flickableDirection: Flickable.HorizontalFlick
    boundsBehavior: Flickable.StopAtBounds
    clip: true
    T.ScrollBar.horizontal: ThinScrollBar { id: bar }
    Accessible.role: Accessible.Table
    Accessible.name: row.text

    function linkAt(point: point): string {
        const cell = grid.childAt(point.x, point.y)
        return cell && cell.edit ? cell.edit.linkAt(point.x - cell.x - cell.edit.x, point.y - cell.y - cell.edit.y) : ""
    }

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

        HoverHandler {
            onPointChanged: block.row.conversation.hoveredLink = hovered ? block.linkAt(point.position) : ""
            cursorShape: block.row.conversation.hoveredLink ? Qt.PointingHandCursor : Qt.ArrowCursor
        }
        TapHandler {
            onTapped: point => {
                const link = block.linkAt(point.position)
                if (link) block.row.conversation.linkPrompt.ask(link)
            }
        }

        Repeater {
            model: cells
            delegate: Item {
                id: slot
                readonly property alias edit: text
                required property int index
                required property var cell
                required property int alignment
                required property bool header

                Layout.fillWidth: true
                Layout.fillHeight: true
                Layout.minimumWidth: Math.min(implicitWidth, Math.round(96 * Theme.fontScale))
                implicitWidth: Math.ceil(text.implicitWidth) + 24
                implicitHeight: text.height + 12
                TextEdit {
                    id: text
                    x: slot.index % cells.columns === 0 ? 4 : 12
                    y: 6
                    width: slot.width - x - 12
                    readOnly: true
                    selectByMouse: false
                    activeFocusOnPress: false
                    wrapMode: TextEdit.Wrap
                    textFormat: TextEdit.PlainText
                    horizontalAlignment: slot.alignment
                    color: Theme.text
                    font { pixelSize: Theme.body; weight: slot.header ? Font.DemiBold : Font.Normal }
                    Accessible.ignored: true
                    BlockText { edit: text; content: slot.cell }
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
    Rectangle {
        parent: block
        anchors.fill: parent
        visible: block.selected
        color: Theme.accent
        opacity: 0.25
    }
}
