import QtQuick
import Altiplano.Ui

// Opens the menu that takes a section along.
IconButton {
    id: button
    required property Item section
    property ExportMenu exporter: null
    property int table: 0
    property bool hasTrace: false

    implicitWidth: Math.round(24 * Theme.fontScale)
    implicitHeight: implicitWidth
    iconSize: 16
    visible: exporter !== null
    iconName: "share"
    text: qsTr("Take along")
    hint: qsTr("Copy or save")
    onClicked: exporter.openFor(section, table, hasTrace, button)
}
