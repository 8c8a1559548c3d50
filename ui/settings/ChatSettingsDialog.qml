import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Altiplano.App
import Altiplano.Ui

// What was chosen for the chat on the page: its preset, what differs from it, and what happens when the
// context is full. In force from the next answer on.
T.Popup {
    id: dialog
    required property AppContext app
    readonly property ChatSettings chat: app.chatSettings
    signal presetsWanted()

    objectName: "chatSettings"
    parent: T.Overlay.overlay
    anchors.centerIn: parent
    width: Math.min(parent ? parent.width - 32 : 0, Math.round(620 * Theme.fontScale))
    height: parent ? Math.min(parent.height - 48, Math.round(760 * Theme.fontScale)) : 0
    modal: true
    focus: true
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside
    onOpened: presetButton.forceActiveFocus(Qt.TabFocusReason)
    T.Overlay.modal: Rectangle { color: Qt.rgba(0, 0, 0, 0.35) }

    contentItem: FocusScope {
        ColumnLayout {
            id: header
            x: 16
            width: parent.width - 2 * 16
            spacing: 12

            RowLayout {
                Layout.fillWidth: true
                Layout.topMargin: 12
                Label {
                    Layout.fillWidth: true
                    text: dialog.app.chat.title === "" ? qsTr("For this chat") : qsTr("For “%1”").arg(dialog.app.chat.title)
                    font { pixelSize: Theme.title; weight: Font.DemiBold }
                    Accessible.role: Accessible.Heading
                }
                IconButton {
                    objectName: "closeChatSettings"
                    iconName: "close"
                    text: qsTr("Close")
                    onClicked: dialog.close()
                }
            }
            Flow {
                Layout.fillWidth: true
                spacing: Theme.unit
                TextButton {
                    id: presetButton
                    objectName: "presetButton"
                    text: qsTr("Preset: %1").arg(dialog.chat.presetName)
                    onClicked: presetMenu.popup(presetButton, 0, presetButton.height + 4)
                    PresetMenu {
                        id: presetMenu
                        presets: dialog.app.presets
                        current: dialog.chat.preset
                        onChosen: preset => dialog.chat.preset = preset
                        onManaged: {
                            dialog.close()
                            dialog.presetsWanted()
                        }
                    }
                }
                TextButton {
                    objectName: "savePreset"
                    visible: dialog.chat.differs && !namer.visible
                    text: qsTr("Save as a preset…")
                    onClicked: {
                        namer.visible = true
                        namer.forceActiveFocus()
                    }
                }
                LineEditor {
                    id: namer
                    objectName: "presetName"
                    visible: false
                    width: Math.round(220 * Theme.fontScale)
                    implicitHeight: Theme.control
                    name: qsTr("Name of the preset")
                    flashMs: dialog.app.appearance.caretFlashMs
                    onTaken: {
                        if (text.trim() !== "")
                            dialog.chat.savePreset(text)
                        leave()
                    }
                    onCancelled: leave()
                    function leave() {
                        clear()
                        visible = false
                        presetButton.forceActiveFocus()
                    }
                }
            }
            ColumnLayout {
                Layout.fillWidth: true
                Layout.bottomMargin: 4
                spacing: 4
                Label {
                    Layout.fillWidth: true
                    text: qsTr("When the context is full")
                    font.pixelSize: Theme.body
                    wrapMode: Text.Wrap
                }
                Choice {
                    Layout.fillWidth: true
                    objectName: "overflowChoice"
                    label: qsTr("When the context is full")
                    options: [qsTr("Drop the oldest messages"), qsTr("End the answer")]
                    current: dialog.app.chat.dropsOldest ? 0 : 1
                    onChosen: index => dialog.app.chat.dropsOldest = index === 0
                }
            }
        }
        SettingList {
            id: list
            objectName: "chatSettingsList"
            anchors { top: header.bottom; bottom: parent.bottom; left: parent.left; right: parent.right }
            settings: dialog.app.generation
            flashMs: dialog.app.appearance.caretFlashMs
            footer: Item { width: 1; height: 16 }
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: Theme.base
        border { width: 1; color: Theme.line }
        Accessible.role: Accessible.Dialog
        Accessible.name: qsTr("Settings of this chat")
    }
}
