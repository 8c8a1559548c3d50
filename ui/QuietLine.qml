import QtQuick
import Altiplano.App

// One line of measured numbers; before there are any, how to send.
Label {
    required property ChatController chat

    color: Theme.textDim
    text: {
        const parts = []
        if (chat.tokensPerSecond > 0)
            parts.push(Format.rate(chat.tokensPerSecond))
        if (chat.firstTokenSeconds > 0)
            parts.push(qsTr("first token %1").arg(Format.seconds(chat.firstTokenSeconds)))
        return parts.length ? parts.join(" · ") : qsTr("Enter sends · Shift+Enter starts a new line")
    }
}
