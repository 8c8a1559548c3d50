import QtQuick
import Altiplano.Ui

// A column of a table in one piece of text, for numbers that change while the model works: a Label for each would
// be as many items that every frame of the window has to look at.
Label {
    id: column
    property int rowHeight
    property var lines: []

    y: Math.round((rowHeight - metrics.height) / 2)
    text: lines.join("\n")
    lineHeightMode: Text.FixedHeight
    lineHeight: rowHeight
    horizontalAlignment: Text.AlignRight
    elide: Text.ElideNone
    Accessible.ignored: true

    FontMetrics {
        id: metrics
        font: column.font
    }
}
