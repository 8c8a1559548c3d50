import QtQuick
import Altiplano.App

// What keeps chats from being stored, and what can be done about it.
Notice {
    id: notice
    required property ChatStore store
    readonly property bool waits: store.trouble === ChatStore.DiskFull || store.trouble === ChatStore.ReadOnly
                                  || store.trouble === ChatStore.Unreadable

    visible: store.trouble !== ChatStore.NoTrouble
    tone: Theme.warn
    heading: store.trouble === ChatStore.DiskFull ? qsTr("The disk is full")
           : store.trouble === ChatStore.Recovered ? qsTr("The file with your chats was damaged")
           : store.trouble === ChatStore.TooNew ? qsTr("Your chats belong to a newer Altiplano")
           : qsTr("Your chats cannot be stored")
    sentence: store.trouble === ChatStore.DiskFull
              ? qsTr("What is new stays in memory until there is room in %1. You can go on meanwhile.").arg(store.troublePath)
            : store.trouble === ChatStore.ReadOnly
              ? qsTr("%1 cannot be written. What is new stays in memory until it can. You can go on meanwhile.").arg(store.troublePath)
            : store.trouble === ChatStore.Unreadable
              ? qsTr("In %1: %2. What is new stays in memory. You can go on meanwhile.").arg(store.troublePath).arg(store.troubleDetail)
            : store.trouble === ChatStore.TooNew
              ? qsTr("%1 is left as it is. What you write now is not stored.").arg(store.troublePath)
              : (store.recoveredChats === 0 ? qsTr("None of them could be read.") : store.recoveredChats === 1
                 ? qsTr("One chat could be read and is here.") : qsTr("%1 chats could be read and are here.").arg(Format.count(store.recoveredChats)))
                + " " + qsTr("The damaged file is kept as %1.").arg(store.troublePath)
    action: waits ? qsTr("Try again") : ""
    dismissal: qsTr("Dismiss")
    onAccepted: store.retry()
    onDismissed: store.dismissTrouble()
}
