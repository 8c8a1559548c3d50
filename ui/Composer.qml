import QtQuick
import QtQuick.Templates as T
import Altiplano.App

// Where the user writes: Enter sends, Shift+Enter breaks the line. One button, Send or Stop.
FocusScope {
    id: composer
    required property AppContext app
    readonly property ChatController chat: app.chat
    readonly property Draft draft: app.draft
    readonly property bool canSend: chat.canSend && (area.text.trim() !== "" || draft.count > 0)
    property int recalled: -1 // how many questions back the text is from; -1: it is not
    signal chooseAttachment()
    signal settingsWanted()

    implicitHeight: box.height + notes.height

    property int editing: -1 // the message that is being written anew; -1: none

    function write() { area.forceActiveFocus(Qt.OtherFocusReason) }

    function submit() {
        if (!canSend)
            return
        const message = draft.take()
        if (editing >= 0) chat.edit(editing, message)
        else chat.send(message)
        editing = recalled = -1
        area.clear()
    }

    function edit(message: int) {
        editing = message
        draft.takeFrom(chat.messages.text(message))
        area.text = draft.words
        area.cursorPosition = area.length
        area.forceActiveFocus(Qt.OtherFocusReason)
    }

    // An earlier question instead of what is in the field, which is empty or another one.
    function recall(step: int): bool {
        const fresh = recalled < 0 || area.text !== chat.messages.question(recalled)
        if (fresh && area.text !== "")
            return false
        const wanted = (fresh ? -1 : recalled) + step
        const text = wanted < 0 ? "" : chat.messages.question(wanted)
        if (wanted >= 0 && text === "")
            return false
        recalled = wanted
        area.text = text
        area.cursorPosition = area.length
        return true
    }

    function leaveEditing() {
        editing = -1
        draft.take()
        area.clear()
    }

    Connections {
        target: composer.chat.messages
        function onModelReset() { composer.editing = -1 }
    }

    Column { // what is special about what is being written
        id: notes
        width: parent.width
        bottomPadding: visibleChildren.length > 0 ? Theme.unit : 0
        spacing: Theme.unit
        Row {
            visible: composer.editing >= 0
            spacing: Theme.unit
            Label {
                anchors.verticalCenter: parent.verticalCenter
                text: qsTr("Editing an earlier message. Its answers stay, as another version.")
                color: Theme.textDim
            }
            TextButton {
                text: qsTr("Cancel")
                onClicked: composer.leaveEditing()
            }
        }
        RemoteNote {
            width: parent.width
            model: composer.app.model
        }
        OverflowNote {
            width: parent.width
            app: composer.app
        }
        Notice {
            width: parent.width
            visible: composer.draft.problem !== ""
            tone: Theme.warn
            sentence: composer.draft.problem
            dismissal: qsTr("Dismiss")
            onDismissed: composer.draft.dismissProblem()
        }
        Attachments {
            width: parent.width
            draft: composer.draft
        }
    }
    Rectangle {
        id: box
        y: notes.height
        width: parent.width
        height: Math.max(scroller.height + 2, button.height + 16)
        radius: 12
        color: Theme.dark ? Theme.raised : Theme.base
        border { width: 1; color: area.activeFocus ? Theme.accent : Theme.line }

        Flickable {
            id: scroller
            anchors { left: tune.right; right: button.left; verticalCenter: parent.verticalCenter }
            height: Math.min(area.implicitHeight, Math.round(Theme.body * 1.25 * 8) + 24)
            contentHeight: area.implicitHeight
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            flickableDirection: Flickable.VerticalFlick
            T.ScrollBar.vertical: ThinScrollBar {}

            T.TextArea.flickable: T.TextArea {
                id: area
                objectName: "composer"
                focus: true
                padding: 12
                leftPadding: 4
                implicitHeight: contentHeight + topPadding + bottomPadding
                wrapMode: TextEdit.Wrap
                textFormat: TextEdit.PlainText
                color: Theme.text
                selectionColor: Theme.accent
                selectedTextColor: Theme.accentText
                font.pixelSize: Theme.body
                selectByMouse: true
                activeFocusOnTab: true
                Keys.onTabPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
                Keys.onBacktabPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)
                Accessible.name: qsTr("Message")
                Accessible.description: composer.app.enterSends ? qsTr("Enter sends, Shift+Enter starts a new line")
                                                                : qsTr("Ctrl+Enter sends, Enter starts a new line")
                onTextChanged: composer.draft.words = text
                cursorDelegate: TypingCaret { field: area; flashMs: composer.app.appearance.caretFlashMs }

                Keys.onPressed: event => {
                    if (event.key === Qt.Key_Escape && composer.editing >= 0) {
                        composer.leaveEditing()
                        event.accepted = true
                        return
                    }
                    if (event.key === Qt.Key_Up && cursorPosition === length && composer.recall(1)
                        || event.key === Qt.Key_Down && composer.recalled >= 0 && composer.recall(-1)) {
                        event.accepted = true
                        return
                    }
                    const enter = event.key === Qt.Key_Return || event.key === Qt.Key_Enter
                    const sends = composer.app.enterSends ? !(event.modifiers & (Qt.ShiftModifier | Qt.AltModifier))
                                                          : event.modifiers & Qt.ControlModifier
                    if (!enter || !sends)
                        return
                    event.accepted = true
                    composer.submit()
                }
                Label {
                    x: area.leftPadding + 2
                    y: area.topPadding
                    width: parent.width - 2 * x
                    visible: area.length === 0 && area.preeditText === ""
                    text: composer.app.model.state === ModelController.Ready
                          ? qsTr("Message %1").arg(composer.app.model.name) : qsTr("Write a message")
                    font.pixelSize: Theme.body
                    color: Theme.textDim
                    Accessible.ignored: true
                }
            }
        }
        IconButton {
            id: attach
            anchors { left: parent.left; bottom: parent.bottom; margins: 8 }
            iconName: "attach"
            text: qsTr("Attach a text file")
            onClicked: composer.chooseAttachment()
        }
        IconButton {
            id: tune
            objectName: "chatSettingsButton"
            anchors { left: attach.right; bottom: parent.bottom; bottomMargin: 8 }
            iconName: "tune"
            text: qsTr("Settings of this chat")
            hint: qsTr("Settings of this chat: %1 (Ctrl+.)").arg(composer.app.chatSettings.presetName)
            onClicked: composer.settingsWanted()
        }
        T.Button {
            id: button
            objectName: "sendButton"
            anchors { right: parent.right; bottom: parent.bottom; margins: 8 }
            width: Theme.control
            height: Theme.control
            text: composer.chat.busy ? qsTr("Stop") : qsTr("Send")
            Accessible.role: Accessible.Button
            Accessible.name: text
            Accessible.onPressAction: clicked()
            enabled: composer.chat.busy || composer.canSend
            focusPolicy: Qt.TabFocus
            onClicked: {
                if (composer.chat.busy) composer.chat.stop()
                else composer.submit()
                area.forceActiveFocus()
            }
            Keys.onReturnPressed: clicked()
            Keys.onEnterPressed: clicked()

            contentItem: Item {
                Icon {
                    anchors.centerIn: parent
                    name: composer.chat.busy ? "stop" : "send"
                    size: 18
                    color: button.enabled ? Theme.accentText : Theme.textDim
                }
            }
            background: Rectangle {
                radius: Theme.radius
                color: !button.enabled ? Theme.line : Theme.accent
                opacity: button.hovered || button.down ? 0.88 : 1
                FocusRing { control: button }
            }
            Tip {
                visible: button.hovered
                text: composer.chat.busy ? qsTr("Stop (Esc)")
                    : composer.app.enterSends ? qsTr("Send (Enter)") : qsTr("Send (Ctrl+Enter)")
            }
        }
    }
}
