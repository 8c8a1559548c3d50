import QtQuick
import Altiplano.App
import Altiplano.Ui

// The table that stands in for a plot. It is read when it is shown and when an answer ends: rows that change
// with every token could be read by nobody.
Loader {
    id: loader
    required property ExportMenu exporter
    property string what // the plot's heading
    property int which: 0 // Exporter.Table
    property Component view: null // a DataTableView of `table`
    property bool shown: false
    property dataTable table

    function read() { table = exporter.app.exporter.readable(which) }

    onShownChanged: if (shown) read()
    active: shown
    visible: active
    sourceComponent: view
    Connections {
        target: loader.shown ? loader.exporter.app.chat : null
        function onBusyChanged() { if (!loader.exporter.app.chat.busy) loader.read() }
    }
}
