import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Altiplano.App
import Altiplano.Ui

// How one model is loaded, and at once what comes of it.
T.Popup {
    id: prompt
    required property AppContext app
    readonly property ModelOptions options: app.modelOptions
    property Item card: null // may be gone by the time something is chosen
    property string name
    property int trained: 0
    property int layers: 0
    readonly property var fit: card ? card.fit : null
    readonly property bool inUse: app.model.state === ModelController.Ready && app.model.path === options.path
    readonly property var contexts: {
        const all = []
        for (let tokens = 1024; tokens < trained && tokens < 1048576; tokens *= 2)
            all.push(tokens)
        return trained > 0 ? [...all, trained] : all
    }

    function openFor(item: ModelCard) {
        card = item
        name = item.name
        trained = item.contextTokens
        layers = item.layers
        options.path = item.path
        open()
    }

    objectName: "modelSettings"
    parent: T.Overlay.overlay
    anchors.centerIn: parent
    width: Math.min(parent ? parent.width - 48 : 0, Math.round(520 * Theme.fontScale))
    height: contentItem.implicitHeight + 2 * padding
    padding: 16
    modal: true
    focus: true
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside
    onOpened: loadButton.forceActiveFocus(Qt.TabFocusReason)

    component Setting: ColumnLayout {
        property string label
        property string hint
        Layout.fillWidth: true
        spacing: 4
        Label {
            Layout.fillWidth: true
            text: parent.label
            font.weight: Font.Medium
        }
        Label {
            Layout.fillWidth: true
            visible: text !== ""
            text: parent.hint
            color: Theme.textDim
            wrapMode: Text.Wrap
        }
    }

    contentItem: ColumnLayout {
        spacing: 16
        Label {
            Layout.fillWidth: true
            text: qsTr("Settings of %1").arg(prompt.name)
            font { pixelSize: Theme.body; weight: Font.DemiBold }
            elide: Text.ElideMiddle
            Accessible.role: Accessible.Heading
        }
        Setting {
            label: qsTr("Context")
            hint: qsTr("How much of a conversation it sees at once. It was trained for %1 tokens.").arg(Format.count(prompt.trained))
            ChoiceFlow {
                objectName: "contextChoice"
                Layout.fillWidth: true
                label: qsTr("Context")
                options: prompt.contexts.map(Format.tokens)
                current: prompt.contexts.indexOf(Math.min(prompt.options.contextTokens, prompt.trained))
                onChosen: index => prompt.options.contextTokens = prompt.contexts[index]
            }
        }
        Setting {
            visible: prompt.fit !== null && prompt.fit.hasGpu
            label: qsTr("Layers on the GPU")
            RowLayout {
                spacing: 12
                ChoiceFlow {
                    label: qsTr("Layers on the GPU")
                    options: [qsTr("As many as fit"), qsTr("So many:")]
                    current: prompt.options.gpuLayers < 0 ? 0 : 1
                    onChosen: index => prompt.options.gpuLayers = index === 0 ? -1 : prompt.layers
                }
                Stepper {
                    visible: prompt.options.gpuLayers >= 0
                    label: qsTr("Layers on the GPU")
                    to: prompt.layers
                    value: Math.max(0, prompt.options.gpuLayers)
                    onValueChanged: if (prompt.options.gpuLayers >= 0) prompt.options.gpuLayers = value
                }
            }
        }
        Setting {
            label: qsTr("Memory of the conversation")
            hint: qsTr("Eight bits take half the memory, at a small loss.")
            ChoiceFlow {
                objectName: "kvChoice"
                label: qsTr("Memory of the conversation")
                options: [qsTr("16 bits"), qsTr("8 bits")]
                current: prompt.options.kvQ8 ? 1 : 0
                onChosen: index => prompt.options.kvQ8 = index === 1
            }
        }
        Setting {
            label: qsTr("Threads of the CPU")
            RowLayout {
                spacing: 12
                ChoiceFlow {
                    label: qsTr("Threads")
                    options: [qsTr("One for each core"), qsTr("So many:")]
                    current: prompt.options.threads > 0 ? 1 : 0
                    onChosen: index => prompt.options.threads = index === 0 ? 0 : Math.max(1, prompt.app.model.threads)
                }
                Stepper {
                    visible: prompt.options.threads > 0
                    label: qsTr("Threads")
                    from: 1
                    to: 256
                    value: Math.max(1, prompt.options.threads)
                    onValueChanged: if (prompt.options.threads > 0) prompt.options.threads = value
                }
            }
        }
        FitLine {
            Layout.fillWidth: true
            fit: prompt.fit
        }
        RowLayout {
            Layout.fillWidth: true
            spacing: Theme.unit
            TextButton {
                visible: prompt.options.own
                text: qsTr("Like all others")
                onClicked: {
                    prompt.options.reset()
                    loadButton.forceActiveFocus(Qt.OtherFocusReason) // this button goes away with its focus
                }
            }
            Item { Layout.fillWidth: true }
            TextButton {
                text: qsTr("Close")
                onClicked: prompt.close()
            }
            TextButton {
                id: loadButton
                primary: true
                text: prompt.inUse ? qsTr("Load again") : qsTr("Load")
                onClicked: {
                    prompt.app.model.open(prompt.options.path)
                    prompt.close()
                }
            }
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: Theme.base
        border { width: 1; color: Theme.line }
        Accessible.role: Accessible.Dialog
        Accessible.name: qsTr("Settings of %1").arg(prompt.name)
    }
}
