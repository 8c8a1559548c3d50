import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Altiplano.App
import Altiplano.Ui

// The presets: named system prompts and ways of sampling. One's own are edited here.
FocusScope {
    id: page
    required property AppContext app
    readonly property PresetModel presets: app.presets
    readonly property PresetValues shown: app.presetValues
    readonly property bool own: !shown.builtIn
    signal closed()

    objectName: "presetsPage"
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Presets")
    Keys.onEscapePressed: closed()
    Component.onCompleted: {
        shown.preset = app.chatSettings.preset
        chooser.forceActiveFocus(Qt.TabFocusReason)
    }

    PageHeader {
        id: header
        width: parent.width
        title: qsTr("Presets")
        onClosed: page.closed()
    }
    ColumnLayout {
        id: tools
        anchors { top: header.bottom; horizontalCenter: parent.horizontalCenter }
        width: list.rowWidth
        spacing: Theme.unit

        Flow {
            Layout.fillWidth: true
            spacing: Theme.unit
            TextButton {
                id: chooser
                objectName: "presetChooser"
                text: qsTr("Preset: %1").arg(page.shown.name)
                onClicked: menu.popup(chooser, 0, chooser.height + 4)
                PresetMenu {
                    id: menu
                    editable: false
                    presets: page.presets
                    current: page.shown.preset
                    onChosen: preset => page.shown.preset = preset
                }
            }
            TextButton {
                objectName: "newPreset"
                text: qsTr("New")
                Accessible.name: qsTr("New preset")
                onClicked: {
                    page.shown.preset = page.presets.add(qsTr("My preset"))
                    page.rename()
                }
            }
            TextButton {
                objectName: "duplicatePreset"
                text: qsTr("Duplicate")
                onClicked: page.shown.preset = page.presets.duplicate(page.shown.preset)
            }
            TextButton {
                objectName: "renamePreset"
                visible: page.own && !namer.visible
                text: qsTr("Rename")
                onClicked: page.rename()
            }
            LineEditor {
                id: namer
                objectName: "presetRenamer"
                visible: false
                width: Math.round(220 * Theme.fontScale)
                implicitHeight: Theme.control
                name: qsTr("Name of the preset")
                flashMs: page.app.appearance.caretFlashMs
                onTaken: leave(true)
                onCancelled: leave(false)
                onActiveFocusChanged: if (!activeFocus && visible) leave(true)
                function leave(keep: bool) {
                    visible = false
                    if (keep)
                        page.presets.rename(page.shown.preset, text)
                    chooser.forceActiveFocus()
                }
            }
            TextButton {
                objectName: "deletePreset"
                visible: page.own
                text: qsTr("Delete")
                onClicked: {
                    page.presets.remove(page.shown.preset)
                    chooser.forceActiveFocus()
                }
            }
            TextButton {
                objectName: "presetForNewChats"
                visible: page.presets.forNewChats !== page.shown.preset
                text: qsTr("Use for new chats")
                onClicked: page.presets.forNewChats = page.shown.preset
            }
        }
        Label {
            Layout.fillWidth: true
            visible: text !== ""
            text: [page.own ? "" : qsTr("This preset is built in. A duplicate of it can be changed."),
                   page.presets.forNewChats === page.shown.preset ? qsTr("New chats begin with it.") : ""].join(" ").trim()
            color: Theme.textDim
            wrapMode: Text.Wrap
        }
        Notice {
            Layout.fillWidth: true
            visible: page.presets.problem !== ""
            sentence: page.presets.problem
        }
        Rectangle {
            Layout.fillWidth: true
            objectName: "presetUndo"
            implicitHeight: Theme.control + 8
            visible: page.presets.undoName !== ""
            radius: Theme.radius
            color: Theme.raised
            Accessible.role: Accessible.AlertMessage
            Accessible.name: gone.text
            Label {
                id: gone
                anchors { left: parent.left; leftMargin: 12; right: undoButton.left; rightMargin: 8; verticalCenter: parent.verticalCenter }
                text: qsTr("Deleted “%1”").arg(page.presets.undoName)
                Accessible.ignored: true
            }
            TextButton {
                id: undoButton
                anchors { right: parent.right; rightMargin: 4; verticalCenter: parent.verticalCenter }
                text: qsTr("Undo")
                onClicked: page.shown.preset = page.presets.undo()
            }
        }
    }
    SettingList {
        id: list
        objectName: "presetSettings"
        anchors { top: tools.bottom; bottom: parent.bottom; left: parent.left; right: parent.right; topMargin: 8 }
        settings: page.app.presetSettings
        editable: page.own
        flashMs: page.app.appearance.caretFlashMs
        footer: Item { width: 1; height: 24 }
    }

    function rename() {
        namer.visible = true
        namer.text = shown.name
        namer.forceActiveFocus()
        namer.selectAll()
    }
}
