import QtQuick
import QtQuick.Templates as T
import Altiplano.App

// Where the user writes: Enter sends, Shift+Enter breaks the line. One button, Send or Stop.
FocusScope {
    id: composer
    required property AppContext app
    readonly property ChatController chat: app.chat
    readonly property bool canSend: chat.canSend && area.text.trim() !== ""

    implicitHeight: box.height

    function submit() {
        if (!canSend)
            return
        chat.send(area.text)
        area.clear()
    }

    Rectangle {
        id: box
        width: parent.width
        height: Math.max(scroller.height + 2, button.height + 16)
        radius: 12
        color: Theme.dark ? Theme.raised : Theme.base
        border { width: 1; color: area.activeFocus ? Theme.accent : Theme.line }

        Flickable {
            id: scroller
            anchors { left: parent.left; right: button.left; verticalCenter: parent.verticalCenter }
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
                leftPadding: 16
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
                Accessible.description: qsTr("Enter sends, Shift+Enter starts a new line")
                cursorDelegate: TypingCaret { field: area; flashMs: composer.app.appearance.caretFlashMs }

                Keys.onPressed: event => {
                    const enter = event.key === Qt.Key_Return || event.key === Qt.Key_Enter
                    if (!enter || event.modifiers & (Qt.ShiftModifier | Qt.AltModifier))
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
                text: composer.chat.busy ? qsTr("Stop (Esc)") : qsTr("Send (Enter)")
            }
        }
    }
}
