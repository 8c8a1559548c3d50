import QtQuick
import QtQuick.Layouts
import Altiplano.App
import Altiplano.Ui

// A model file: what it is, and what can be done with it. Enter loads it.
FocusScope {
    id: card
    required property int index
    required property string path
    required property string name
    required property string architecture
    required property string quantization
    required property string license
    required property real parameters
    required property real bytes
    required property int contextTokens
    required property int layers
    required property string problem
    required property var fit // ModelFit
    required property ModelController controller
    property bool showsFocus: false

    readonly property bool current: ListView.isCurrentItem
    readonly property bool usable: problem === ""
    readonly property bool loading: controller.state === ModelController.Loading && controller.loadingPath === path
    readonly property bool inUse: controller.state === ModelController.Ready && controller.path === path
    readonly property string facts: [
        parameters > 0 ? qsTr("%1 parameters").arg(Format.parameters(parameters)) : "",
        quantization, Format.bytes(bytes),
        contextTokens > 0 ? qsTr("%1 context").arg(Format.tokens(contextTokens)) : "",
        architecture, license].filter(Boolean).join(" · ")
    signal picked()
    signal chatWanted()
    signal menuRequested(Item at)
    signal settingsRequested()

    function activate() {
        if (inUse) chatWanted()
        else if (usable && !loading) controller.open(path)
    }

    implicitHeight: content.implicitHeight + 24
    Accessible.role: Accessible.ListItem
    Accessible.name: [name, inUse ? qsTr("in use") : loading ? qsTr("is loading") : ""].filter(Boolean).join(", ")
    Accessible.description: [facts, problem, fit.known ? Format.fit(fit) : ""].filter(Boolean).join(". ")
    Accessible.focusable: true
    Accessible.focused: activeFocus
    Accessible.selected: inUse
    Accessible.onPressAction: activate()

    Keys.onPressed: event => {
        const menuKey = event.key === Qt.Key_Menu || (event.key === Qt.Key_F10 && event.modifiers & Qt.ShiftModifier)
        if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter) activate()
        else if (menuKey) menuRequested(card)
        else return
        event.accepted = true
    }
    Keys.onTabPressed: event => { // from the card itself into it
        event.accepted = !load.activeFocus && !adjust.activeFocus && !more.activeFocus
        if (event.accepted)
            (usable ? load : more).forceActiveFocus(Qt.TabFocusReason)
    }
    HoverHandler { id: hover }
    TapHandler {
        acceptedButtons: Qt.LeftButton
        onTapped: {
            card.picked()
            card.forceActiveFocus()
        }
        onDoubleTapped: card.activate()
    }
    TapHandler {
        acceptedButtons: Qt.RightButton
        onTapped: card.menuRequested(card)
    }

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: hover.hovered || card.inUse ? Theme.raised : "transparent"
        border { width: 1; color: Theme.line }
    }
    Rectangle {
        anchors { fill: parent; margins: -2 }
        visible: card.activeFocus && card.current && card.showsFocus
        radius: Theme.radius + 2
        color: "transparent"
        border { width: 2; color: Theme.accent }
    }
    ColumnLayout {
        id: content
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; leftMargin: 16; rightMargin: 8 }
        spacing: 4

        RowLayout {
            Layout.fillWidth: true
            spacing: 8
            Label {
                Layout.fillWidth: true
                text: card.name
                font { pixelSize: Theme.body; weight: Font.DemiBold }
                color: card.usable ? Theme.text : Theme.textDim
                elide: Text.ElideMiddle
                Accessible.ignored: true
            }
            Label {
                visible: card.inUse
                text: qsTr("In use")
                color: Theme.accent
                font.weight: Font.Medium
                Accessible.ignored: true
            }
            TextButton {
                id: load
                objectName: "loadButton"
                visible: card.usable
                focusPolicy: card.current ? Qt.TabFocus : Qt.NoFocus
                primary: card.current && !card.loading && !card.inUse
                text: card.loading ? qsTr("Cancel") : card.inUse ? qsTr("Unload") : qsTr("Load")
                Accessible.name: card.loading ? qsTr("Cancel loading %1").arg(card.name)
                               : card.inUse ? qsTr("Unload %1").arg(card.name) : qsTr("Load %1").arg(card.name)
                onClicked: {
                    card.picked()
                    if (card.loading) card.controller.cancel()
                    else if (card.inUse) card.controller.unload()
                    else card.activate()
                }
            }
            IconButton {
                id: adjust
                objectName: "modelSettingsButton"
                visible: card.usable
                focusPolicy: card.current ? Qt.TabFocus : Qt.NoFocus
                iconName: "adjust"
                text: qsTr("Settings of %1").arg(card.name)
                hint: qsTr("Settings")
                onClicked: {
                    card.picked()
                    card.settingsRequested()
                }
            }
            IconButton {
                id: more
                objectName: "modelMenuButton"
                focusPolicy: card.current ? Qt.TabFocus : Qt.NoFocus
                iconName: "more"
                text: qsTr("More for %1").arg(card.name)
                hint: qsTr("More")
                onClicked: card.menuRequested(more)
            }
        }
        Label {
            Layout.fillWidth: true
            Layout.rightMargin: 8
            text: card.facts
            color: Theme.textDim
            wrapMode: Text.Wrap
            Accessible.ignored: true
        }
        FitLine {
            Layout.fillWidth: true
            Layout.rightMargin: 8
            visible: card.usable
            fit: card.fit
        }
        RowLayout {
            Layout.fillWidth: true
            Layout.rightMargin: 8
            visible: !card.usable
            spacing: 6
            Icon {
                Layout.alignment: Qt.AlignTop
                name: "warning"
                size: 16
                color: Theme.error
            }
            Label {
                Layout.fillWidth: true
                text: card.problem
                color: Theme.error
                wrapMode: Text.Wrap
                maximumLineCount: 6
                Accessible.ignored: true
            }
        }
        ProgressLine {
            Layout.fillWidth: true
            Layout.rightMargin: 8
            Layout.topMargin: 4
            visible: card.loading
            label: qsTr("Loading the model")
            value: card.loading ? card.controller.progress : 0
        }
    }
}
