import QtQuick
import Altiplano.App

// Below a message: how it stands, and what can be done with it. The actions appear on hover and focus.
FocusScope {
    id: foot
    required property Item row
    readonly property Item conversation: row.conversation
    readonly property ChatController chat: conversation.app.chat
    readonly property int answerState: row.answerState
    readonly property bool finished: answerState > MessageModel.Streaming
    readonly property bool waiting: answerState === MessageModel.Waiting
    readonly property bool revealed: finished && (conversation.hoveredMessage === row.message || activeFocus)

    implicitHeight: states.height + actions.height + 16
    Accessible.role: Accessible.ToolBar // says whose buttons these are
    Accessible.name: qsTr("%1: actions").arg(row.who())

    Column {
        id: states
        readonly property bool reading: foot.waiting && foot.row.last && foot.chat.readingLong && foot.chat.promptTotal > 0
        width: parent.width
        topPadding: visibleChildren.length > 0 ? 12 : 0
        spacing: Theme.unit
        Loader {
            visible: active
            active: foot.waiting
            sourceComponent: Caret {}
        }
        Label {
            visible: states.reading
            width: parent.width
            text: !visible ? "" : qsTr("Reading %1 of %2 tokens").arg(Format.count(foot.chat.promptDone)).arg(Format.count(foot.chat.promptTotal))
            color: Theme.textDim
        }
        ProgressLine {
            visible: states.reading
            width: Math.min(parent.width, 320)
            label: qsTr("Reading the prompt")
            value: visible ? foot.chat.promptDone / foot.chat.promptTotal : 0
        }
        Label {
            visible: text !== ""
            color: Theme.textDim
            text: foot.answerState === MessageModel.Stopped ? qsTr("Stopped")
                : foot.answerState === MessageModel.Full ? qsTr("The context is full. Start a new chat to go on.")
                : foot.answerState === MessageModel.Cut ? qsTr("Length limit reached") : ""
        }
        Label {
            visible: foot.row.forgotten
            color: Theme.textDim
            text: qsTr("The model no longer sees this message: the context was full.")
        }
        Notice {
            visible: foot.answerState === MessageModel.Failed
            width: parent.width
            heading: qsTr("The answer broke off")
            sentence: foot.row.error.split("\n")[0]
            details: foot.row.error.split("\n").slice(1).join("\n")
            onCopied: details => foot.conversation.copy(details)
            action: !foot.row.last || !foot.chat.canSend ? "" : keyRefused ? qsTr("Change the key…") : qsTr("Try again")
            readonly property bool keyRefused: foot.row.last && foot.chat.refusedEndpoint !== ""
            onAccepted: {
                if (keyRefused) foot.conversation.endpointWanted(foot.chat.refusedEndpoint)
                else foot.chat.regenerate()
            }
        }
    }
    Loader { // made at the end: what is hidden costs each frame that moves it, and the text moves it down
        id: actions
        anchors { top: states.bottom; topMargin: 4 }
        x: foot.row.mine !== Theme.mirrored ? parent.width - width + 6 : -6
        height: Theme.control - 4
        active: foot.finished
        sourceComponent: Row {
            BranchArrows {
                visible: foot.row.branchCount > 1
                row: foot.row
                chat: foot.chat
            }
            Row {
                opacity: foot.revealed ? 1 : 0
                Behavior on opacity { NumberAnimation { duration: Theme.fade } }
                CopyButton {
                    text: qsTr("Copy")
                    onClicked: foot.conversation.copyMessage(foot.row.message)
                }
                ActionButton {
                    visible: foot.row.mine
                    iconName: "edit"
                    text: qsTr("Edit")
                    enabled: foot.chat.canSend
                    onClicked: foot.conversation.editRequested(foot.row.message)
                }
                ActionButton {
                    visible: !foot.row.mine
                    iconName: "regenerate"
                    text: qsTr("Answer again")
                    hint: foot.row.last ? qsTr("Answer again (Ctrl+R)") : text
                    enabled: foot.chat.canSend
                    onClicked: foot.chat.regenerate(foot.row.message)
                }
                ActionButton {
                    visible: foot.row.last && foot.chat.canContinue
                    iconName: "continue"
                    text: qsTr("Continue")
                    onClicked: foot.chat.continueAnswer()
                }
                Label { // what the answer took
                    anchors.verticalCenter: parent.verticalCenter
                    leftPadding: 8
                    visible: text !== "" // a server may tell none of it
                    color: Theme.textDim
                    text: [foot.row.tokens > 0 ? qsTr("%n token(s)", "", foot.row.tokens) : "",
                           foot.row.tokensPerSecond > 0 ? Format.rate(foot.row.tokensPerSecond) : "",
                           foot.row.firstTokenMs > 0 ? qsTr("first token %1").arg(Format.seconds(foot.row.firstTokenMs / 1000)) : ""]
                          .filter(Boolean).join(" · ")
                }
            }
        }
    }
}
