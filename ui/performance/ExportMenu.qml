import QtQuick
import QtQuick.Templates as T
import Altiplano.App
import Altiplano.Ui

// Takes a section along: its picture, its table in three formats, and the trace.
MenuPanel {
    id: menu
    required property AppContext app
    property Item section: null
    property int table: 0 // Exporter.Table
    property bool hasTrace: false
    property string what

    function openFor(item: Item, which: int, trace: bool, at: Item) {
        section = item
        table = which
        hasTrace = trace
        popup(at, 0, at.height + 4)
    }
    function ask(kind: string, suffix: string) {
        what = kind
        if (!dialog.item)
            dialog.setSource("SaveDialog.qml")
        dialog.item.suffix = suffix
        dialog.item.open()
    }
    function save(file: url) {
        const exporter = app.exporter
        if (what === "picture")
            section.grabToImage(result => exporter.savePicture(file, result.image, Theme.base),
                                Qt.size(Math.round(section.width) * 2, Math.round(section.height) * 2))
        else if (what === "trace")
            exporter.saveText(file, exporter.trace())
        else
            exporter.saveText(file, what === "csv" ? exporter.table(table).csv() : exporter.table(table).json())
    }

    MenuRow {
        text: qsTr("Copy as Markdown")
        onTriggered: menu.app.copy(menu.app.exporter.table(menu.table).markdown())
    }
    MenuRow {
        text: qsTr("Save the picture…")
        onTriggered: menu.ask("picture", "png")
    }
    MenuRow {
        text: qsTr("Save as CSV…")
        onTriggered: menu.ask("csv", "csv")
    }
    MenuRow {
        text: qsTr("Save as JSON…")
        onTriggered: menu.ask("json", "json")
    }
    MenuRow {
        text: qsTr("Save a trace for Perfetto…")
        height: visible ? implicitHeight : 0
        visible: menu.hasTrace
        onTriggered: menu.ask("trace", "json")
    }
    Loader { id: dialog }
    Connections {
        target: dialog.item
        function onAccepted() { menu.save(dialog.item.selectedFile) }
    }
}
