import QtQuick
import Altiplano.App

// Tells a screen reader that an answer begins and how it ended, not what streams in between, and how a download
// ended: it speaks a notification when that comes into view. Draws nothing.
Item {
    id: announcer
    required property ChatController chat
    required property DownloadListModel downloads

    function say(words: string) {
        visible = false
        Accessible.name = words
        visible = true
    }

    objectName: "announcer"
    width: 1
    height: 1
    visible: false
    Accessible.role: Accessible.Notification

    Connections {
        target: announcer.downloads
        function onFinished(path) { announcer.say(qsTr("%1 is downloaded").arg(Format.fileName(path))) }
        function onFailed(name, sentence) { announcer.say(qsTr("The download of %1 failed. %2").arg(name).arg(sentence)) }
    }
    Connections {
        target: announcer.chat
        function onAnswerBegan() { announcer.say(qsTr("Answering")) }
        function onAnswerEnded(state, elsewhere) {
            const end = state === MessageModel.Failed ? qsTr("The answer broke off")
                      : state === MessageModel.Stopped ? qsTr("Answer stopped")
                      : state === MessageModel.Full ? qsTr("Answer ended: the context is full")
                      : state === MessageModel.Cut ? qsTr("Answer ended at the length limit") : qsTr("Answer finished")
            announcer.say(elsewhere ? elsewhere + ": " + end : end)
        }
    }
}
