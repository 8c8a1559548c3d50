import QtQuick
import QtQuick.Templates as T
import Altiplano.App
import Altiplano.Ui

// Settings below one another, under the titles of their groups.
ListView {
    id: list
    required property SettingsModel settings
    property bool editable: true
    property int flashMs: 0
    readonly property int rowWidth: Math.min(width - 2 * 16, Theme.column)
    readonly property int margin: Math.round((width - rowWidth) / 2)

    model: settings
    clip: true
    boundsBehavior: Flickable.StopAtBounds
    cacheBuffer: 4000 // Tab goes through all of them
    reuseItems: false
    T.ScrollBar.vertical: ThinScrollBar {}
    Accessible.role: Accessible.List
    Accessible.name: qsTr("Settings")

    section.property: "group"
    section.delegate: Label {
        required property string section
        x: list.margin
        width: list.rowWidth
        height: visible ? Math.round(Theme.body * 1.4) + 28 : 0
        visible: section !== ""
        verticalAlignment: Text.AlignBottom
        bottomPadding: 4
        text: qsTranslate("Setting", section)
        font { pixelSize: Theme.body; weight: Font.DemiBold }
        Accessible.role: Accessible.Heading
    }
    delegate: SettingRow {
        x: list.margin
        width: list.rowWidth
        editable: list.editable
        flashMs: list.flashMs
        onPicked: option => list.settings.choose(key, option)
        onEdited: value => list.settings.set(key, value)
        onReset: list.settings.reset(key)
        onFocused: list.show(this)
    }

    Keys.onPressed: event => {
        if (event.key === Qt.Key_PageDown) scrollBy(height * 0.9)
        else if (event.key === Qt.Key_PageUp) scrollBy(-height * 0.9)
        else return
        event.accepted = true
    }
    function scrollBy(distance: real) {
        contentY = Math.max(originY, Math.min(originY + contentHeight - height, contentY + distance))
    }
    // Scrolls no further than it must.
    function show(row: Item) {
        const end = row.y + row.height - height
        contentY = Math.max(originY, Math.min(row.y, Math.max(contentY, end)))
    }
}
