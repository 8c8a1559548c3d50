import QtQuick
import Altiplano.Ui

// A column of a table in one piece of text, for numbers that change while the model works: a Label for each would
// be as many items that every frame of the window has to look at.
Label {
    id: column
    property int rowHeight
    property var lines: []
    property bool elided: false // lines that do not fit, each by itself

    y: Math.round((rowHeight - metrics.height) / 2)
    text: (elided ? lines.map(line => metrics.elidedText(line, Qt.ElideRight, width)) : lines).join("\n")
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
