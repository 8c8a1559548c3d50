import QtQuick
import QtQuick.Layouts
import Altiplano.App
import Altiplano.Ui

// A table of values, as read and as read aloud.
Column {
    id: view
    required property dataTable table
    property var columns: [] // indexes of those that are shown
    property var titles: []
    property var formats: [] // of each: a function of the value
    readonly property real cellWidth: Math.floor((width - firstWidth) / Math.max(1, columns.length - 1))
    readonly property real firstWidth: Math.round(width * (columns.length > 4 ? 0.2 : 0.4))

    Accessible.role: Accessible.Table
    Accessible.name: table.title

    Row {
        Repeater {
            model: view.titles
            delegate: Label {
                required property int index
                required property string modelData
                anchors.bottom: parent.bottom
                width: index === 0 ? view.firstWidth : view.cellWidth
                leftPadding: index === 0 ? 0 : 8
                horizontalAlignment: index === 0 ? Text.AlignLeft : Text.AlignRight
                wrapMode: Text.Wrap
                text: modelData
                font.pixelSize: Math.round(11 * Theme.fontScale)
                color: Theme.textDim
                bottomPadding: 6
            }
        }
    }
    Repeater {
        model: view.table.size
        delegate: Rectangle {
            id: row
            required property int index
            readonly property var texts: view.columns.map((column, i) => {
                const value = view.table.cell(row.index, column)
                return value === undefined || value === null ? "–" : view.formats[i] ? view.formats[i](value) : String(value)
            })
            width: view.width
            height: Math.round(24 * Theme.fontScale)
            color: "transparent"
            Accessible.role: Accessible.Row
            Accessible.name: texts.map((text, i) => view.titles[i] + " " + text).join(", ")
            Rectangle {
                width: parent.width
                height: 1
                color: Theme.line
            }
            Row {
                anchors.verticalCenter: parent.verticalCenter
                Repeater {
                    model: row.texts
                    delegate: Label {
                        required property int index
                        required property string modelData
                        width: index === 0 ? view.firstWidth : view.cellWidth
                        horizontalAlignment: index === 0 ? Text.AlignLeft : Text.AlignRight
                        text: modelData
                        Accessible.ignored: true
                    }
                }
            }
        }
    }
}
