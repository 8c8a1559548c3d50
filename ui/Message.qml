import QtQuick
import Altiplano.App

// One turn: the user's words in a raised block, an answer as text on the page.
Item {
    id: message
    required property int index
    required property int sender
    required property BlockModel blocks
    required property int answerState
    required property string error
    required property bool forgotten
    required property AppContext app
    property bool last: false
    readonly property bool mine: sender === MessageModel.User
    readonly property bool finished: answerState > MessageModel.Streaming
    readonly property bool revealed: hover.hovered || actions.activeFocus

    implicitHeight: body.height + footer.height
    opacity: forgotten ? 0.55 : 1
    Accessible.role: Accessible.ListItem
    Accessible.name: (mine ? qsTr("You") : qsTr("Answer")) + ", " + (index + 1)

    function copyAll() { app.copy(app.chat.messages.text(index)) }

    HoverHandler { id: hover }
    TapHandler {
        acceptedButtons: Qt.RightButton
        onTapped: menu.popup()
    }

    Rectangle {
        visible: message.mine
        width: body.width
        height: body.height
        x: body.x
        radius: Theme.radius
        color: Theme.raised
    }
    Column {
        id: body
        readonly property int padding: message.mine ? 12 : 0
        width: message.mine ? Math.min(message.width, words.implicitWidth + 2 * 16) : message.width
        x: message.width - width
        topPadding: padding
        bottomPadding: padding
        leftPadding: message.mine ? 16 : 0
        spacing: 12

        Repeater {
            model: message.blocks
            delegate: Loader {
                id: slot
                required property int index
                required property int kind
                required property string language
                width: body.width - 2 * body.leftPadding
                sourceComponent: kind === BlockModel.Code ? code : paragraph

                Component {
                    id: paragraph
                    Paragraph {
                        blocks: message.blocks
                        row: slot.index
                    }
                }
                Component {
                    id: code
                    CodeBlock {
                        blocks: message.blocks
                        row: slot.index
                        language: slot.language
                        onCopyRequested: text => message.app.copy(text)
                    }
                }
            }
        }
        Caret {
            visible: message.answerState === MessageModel.Waiting
        }
        Column {
            visible: message.last && message.answerState === MessageModel.Waiting && message.app.chat.readingLong
                     && message.app.chat.promptTotal > 0
            width: Math.min(body.width, 320)
            spacing: Theme.unit
            Label {
                width: parent.width
                text: qsTr("Reading %1 of %2 tokens").arg(Format.count(message.app.chat.promptDone))
                                                     .arg(Format.count(message.app.chat.promptTotal))
                color: Theme.textDim
            }
            ProgressLine {
                width: parent.width
                label: qsTr("Reading the prompt")
                value: message.app.chat.promptTotal > 0 ? message.app.chat.promptDone / message.app.chat.promptTotal : 0
            }
        }
        Label {
            visible: text !== ""
            color: Theme.textDim
            text: message.answerState === MessageModel.Stopped ? qsTr("Stopped")
                : message.answerState === MessageModel.Full ? qsTr("The context is full. Start a new chat to go on.")
                : message.answerState === MessageModel.Cut ? qsTr("Length limit reached") : ""
        }
        Notice {
            visible: message.answerState === MessageModel.Failed
            width: body.width
            heading: qsTr("The answer broke off")
            sentence: message.error
            action: message.last ? qsTr("Try again") : ""
            onAccepted: message.app.chat.regenerate()
        }
    }
    // How wide the user's words are, so that their block is no wider.
    TextMetrics {
        id: metrics
        font.pixelSize: Theme.body
    }
    Text {
        id: words
        visible: false
        font.pixelSize: Theme.body
        textFormat: Text.PlainText
        text: message.mine ? message.app.chat.messages.text(message.index) : ""
        Accessible.ignored: true
    }
    FocusScope {
        id: actions
        anchors { top: body.bottom; topMargin: 4 }
        x: message.mine ? message.width - footer.width + 6 : -6
        width: footer.width
        height: footer.height
        Row {
            id: footer
            height: Theme.control - 4
            opacity: message.finished && message.revealed ? 1 : 0
            enabled: message.finished
            Behavior on opacity { NumberAnimation { duration: Theme.fade } }
            CopyButton {
                text: qsTr("Copy")
                onClicked: message.copyAll()
            }
            IconButton {
                visible: message.last && !message.mine
                iconName: "regenerate"
                iconSize: 16
                implicitWidth: Theme.control - 4
                implicitHeight: Theme.control - 4
                text: qsTr("Answer again")
                hint: qsTr("Answer again (Ctrl+R)")
                enabled: message.app.chat.canSend
                onClicked: message.app.chat.regenerate()
            }
        }
    }
    MenuPanel {
        id: menu
        objectName: "messageMenu" + message.index
        MenuRow {
            text: qsTr("Copy")
            iconName: "copy"
            onTriggered: message.copyAll()
        }
        MenuRow {
            text: qsTr("Answer again")
            iconName: "regenerate"
            enabled: message.last && !message.mine && message.app.chat.canSend
            onTriggered: message.app.chat.regenerate()
        }
    }
}
