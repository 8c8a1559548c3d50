import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Altiplano.App
import Altiplano.Ui

// A server to add or change: name, address and key, and whether it answers.
T.Popup {
    id: dialog
    required property EndpointForm form
    property int flashMs: 0
    readonly property string example: "http://localhost:8080/v1"
    readonly property string heading: form.isNew ? qsTr("Add an endpoint") : qsTr("Edit this endpoint")
    signal saved(string endpoint)

    function ask(endpoint: string) {
        form.begin(endpoint)
        nameField.text = form.name
        addressField.text = form.address
        keyField.text = ""
        open()
    }
    function save() {
        const endpoint = form.save()
        if (endpoint === "")
            return
        close()
        saved(endpoint)
    }

    objectName: "endpointDialog"
    parent: T.Overlay.overlay
    anchors.centerIn: parent
    width: Math.min(parent ? parent.width - 48 : 0, Math.round(480 * Theme.fontScale))
    height: Math.min(parent ? parent.height - 32 : 0, lines.implicitHeight + 2 * padding)
    padding: 16
    modal: true
    focus: true
    closePolicy: T.Popup.CloseOnEscape
    onOpened: (form.isNew ? addressField : nameField).field.forceActiveFocus(Qt.TabFocusReason)
    onClosed: form.end()
    T.Overlay.modal: Rectangle { color: Qt.rgba(0, 0, 0, 0.35) }

    contentItem: Flickable {
        id: page

        // With large text and in a low window the form is longer than that: the field with the focus is in view.
        function reveal(item: Item) {
            const top = item ? item.mapToItem(contentItem, 0, 0).y : 0
            if (top < contentY) contentY = top
            else if (item && top + item.height > contentY + height) contentY = top + item.height - height
        }

        contentHeight: lines.implicitHeight
        boundsBehavior: Flickable.StopAtBounds
        interactive: contentHeight > height
        clip: interactive
        T.ScrollBar.vertical: ThinScrollBar {}
        Connections {
            target: page.Window.window
            function onActiveFocusItemChanged() {
                let item = page.Window.window.activeFocusItem
                for (let at = item; at; at = at.parent)
                    if (at === lines) return page.reveal(item)
            }
        }
        ColumnLayout {
            id: lines
            width: parent.width
            spacing: 12
            Label {
                Layout.fillWidth: true
                text: dialog.heading
                font { pixelSize: Theme.title; weight: Font.DemiBold }
                Accessible.role: Accessible.Heading
            }
            Label {
                Layout.fillWidth: true
                text: qsTr("A server that speaks OpenAI's API: llama-server, vLLM, Ollama, a service on the internet. What you write to its models is sent there.")
                color: Theme.textDim
                wrapMode: Text.Wrap
                maximumLineCount: 6
                lineHeight: 1.3
            }
            FormField {
                id: addressField
                objectName: "endpointAddress"
                Layout.fillWidth: true
                label: qsTr("Address")
                placeholder: dialog.example
                note: dialog.form.warning
                noteColor: Theme.warn
                flashMs: dialog.flashMs
                onEdited: dialog.form.address = text
                onAccepted: dialog.save()
            }
            FormField {
                id: keyField
                objectName: "endpointKey"
                Layout.fillWidth: true
                label: qsTr("Key, if it wants one")
                note: dialog.form.keyNote
                secret: true
                flashMs: dialog.flashMs
                onEdited: dialog.form.key = text
                onAccepted: dialog.save()
            }
            FormField {
                id: nameField
                objectName: "endpointName"
                Layout.fillWidth: true
                label: qsTr("Name")
                placeholder: qsTr("The address, if left empty")
                flashMs: dialog.flashMs
                onEdited: dialog.form.name = text
                onAccepted: dialog.save()
            }
            Notice {
                Layout.fillWidth: true
                visible: dialog.form.problem !== ""
                sentence: dialog.form.problem
            }
            Label {
                objectName: "endpointAnswer"
                Layout.fillWidth: true
                visible: dialog.form.testing || dialog.form.tested
                wrapMode: Text.Wrap
                maximumLineCount: 4
                text: dialog.form.testing ? qsTr("Asking for its models…")
                    : dialog.form.models.length === 0 ? qsTr("It answers, and has no models.")
                    : qsTr("It answers, with %n model(s): %1", "", dialog.form.models.length).arg(dialog.form.models.join(", "))
                Accessible.role: Accessible.StatusBar
            }
            RowLayout {
                Layout.fillWidth: true
                spacing: Theme.unit
                TextButton {
                    objectName: "endpointRemove"
                    visible: !dialog.form.isNew
                    text: qsTr("Remove")
                    onClicked: {
                        dialog.form.removeEndpoint()
                        dialog.close()
                    }
                }
                Item { Layout.fillWidth: true }
                TextButton {
                    text: qsTr("Cancel")
                    onClicked: dialog.close()
                }
                TextButton {
                    objectName: "endpointTest"
                    text: qsTr("Test")
                    enabled: !dialog.form.testing
                    onClicked: dialog.form.test()
                }
                TextButton {
                    objectName: "endpointSave"
                    primary: true
                    text: qsTr("Save")
                    onClicked: dialog.save()
                }
            }
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: Theme.base
        border { width: 1; color: Theme.line }
        Accessible.role: Accessible.Dialog
        Accessible.name: dialog.heading
    }
}
