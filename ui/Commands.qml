import QtQuick
import Altiplano.App

// All that keys do, in one list, which the window of shortcuts shows. Hints are of keys that the item with the
// focus takes by itself.
Item {
    id: commands
    required property AppContext app
    required property Composer composer
    required property Conversation conversation
    required property Sidebar sidebar
    required property PerformanceColumn performance
    required property TopBar topBar
    readonly property ChatController chat: app.chat
    required property bool covered // by a page, in which some keys mean something else
    required property bool paged // by one that Escape closes
    signal writingWanted()
    signal fileWanted()
    signal modelsWanted()
    signal settingsWanted()
    signal chatSettingsWanted()
    signal listWanted()

    function all(): var {
        const found = []
        for (let i = 0; i < resources.length; ++i)
            if (resources[i].place)
                found.push(resources[i])
        return found
    }

    component Hint: QtObject {
        property string text
        property string place
        property string keys
    }

    Hint { place: qsTr("Writing"); text: qsTr("Send"); keys: commands.app.enterSends ? qsTr("Enter") : qsTr("Ctrl+Enter") }
    Hint { place: qsTr("Writing"); text: qsTr("New line"); keys: commands.app.enterSends ? qsTr("Shift+Enter") : qsTr("Enter") }
    Hint { place: qsTr("Writing"); text: qsTr("An earlier message again"); keys: qsTr("Up") }
    Command {
        place: qsTr("Writing"); text: qsTr("To the message field"); sequence: "Ctrl+L"
        onActivated: commands.writingWanted()
    }
    Command {
        place: qsTr("Writing"); text: qsTr("Attach a text file"); sequence: "Ctrl+Shift+A"
        onActivated: commands.composer.chooseAttachment()
    }
    Command {
        place: qsTr("Writing"); text: qsTr("Change the last message"); sequence: "Ctrl+E"
        enabled: !commands.covered
        onActivated: commands.conversation.editLast()
    }

    Command {
        place: qsTr("Answers"); text: qsTr("Stop"); sequence: "Escape"
        enabled: commands.chat.busy && !commands.paged
        onActivated: commands.chat.stop()
    }
    Command {
        place: qsTr("Answers"); text: qsTr("Answer again"); sequence: "Ctrl+R"
        onActivated: commands.chat.regenerate()
    }
    Command {
        place: qsTr("Answers"); text: qsTr("Continue the answer"); sequence: "Ctrl+Shift+R"
        onActivated: commands.chat.continueAnswer()
    }
    Command {
        place: qsTr("Answers"); text: qsTr("To the latest answer"); sequence: "Ctrl+J"
        enabled: !commands.covered
        onActivated: commands.conversation.readMessage(commands.conversation.messageCount - 1)
    }
    Command {
        place: qsTr("Answers"); text: qsTr("Copy the latest answer"); sequence: "Ctrl+Shift+C"
        onActivated: commands.conversation.copyMessage(commands.conversation.messageCount - 1)
    }
    Command {
        place: qsTr("Answers"); text: qsTr("A page up"); sequence: "PgUp"
        enabled: !commands.covered
        onActivated: commands.conversation.scrollBy(-commands.conversation.height * 0.9)
    }
    Command {
        place: qsTr("Answers"); text: qsTr("A page down"); sequence: "PgDown"
        enabled: !commands.covered
        onActivated: commands.conversation.scrollBy(commands.conversation.height * 0.9)
    }

    Hint { place: qsTr("In the conversation"); text: qsTr("To the next paragraph, or the one before"); keys: qsTr("Down, Up") }
    Hint { place: qsTr("In the conversation"); text: qsTr("To the next message, or the one before"); keys: qsTr("Ctrl+Down, Ctrl+Up") }
    Hint { place: qsTr("In the conversation"); text: qsTr("Select"); keys: qsTr("Shift+Down, Shift+Up") }
    Hint { place: qsTr("In the conversation"); text: qsTr("Copy what is selected, or the paragraph"); keys: qsTr("Ctrl+C") }
    Hint { place: qsTr("In the conversation"); text: qsTr("Scroll code and tables sideways"); keys: qsTr("Right, Left") }
    Hint { place: qsTr("In the conversation"); text: qsTr("Menu: links, versions, edit, answer again"); keys: qsTr("Enter") }

    Command {
        place: qsTr("Chats"); text: qsTr("New chat"); sequence: StandardKey.New
        onActivated: commands.chat.newChat()
    }
    Command {
        place: qsTr("Chats"); text: qsTr("Search the chats"); sequence: "Ctrl+K"
        onActivated: commands.sidebar.search()
    }
    Shortcut { sequences: [StandardKey.Find]; enabled: !commands.covered; onActivated: commands.sidebar.search() }
    Command {
        place: qsTr("Chats"); text: qsTr("Show or hide the chats"); sequence: "F9"
        onActivated: commands.sidebar.toggle()
    }
    Command {
        place: qsTr("Chats"); text: qsTr("Settings of this chat"); sequence: "Ctrl+."
        onActivated: commands.chatSettingsWanted()
    }
    Hint { place: qsTr("Chats"); text: qsTr("Rename"); keys: qsTr("F2") }
    Hint { place: qsTr("Chats"); text: qsTr("Delete"); keys: qsTr("Ctrl+Del") }
    Command {
        place: qsTr("Chats"); text: qsTr("Bring back what was just deleted"); sequence: "Ctrl+Shift+T"
        enabled: commands.app.chats.undoKind !== ChatListModel.NoUndo
        onActivated: commands.app.chats.undo()
    }
    Hint { place: qsTr("Chats"); text: qsTr("Menu: pin, archive, duplicate, save"); keys: qsTr("Menu, or Shift+F10") }

    Command {
        place: qsTr("Window"); text: qsTr("Open a model file"); sequence: StandardKey.Open
        onActivated: commands.fileWanted()
    }
    Command {
        place: qsTr("Window"); text: qsTr("Choose a model"); sequence: "Ctrl+M"
        onActivated: commands.topBar.chooseModel()
    }
    Command {
        place: qsTr("Window"); text: qsTr("All models"); sequence: "Ctrl+Shift+M"
        onActivated: commands.modelsWanted()
    }
    Command {
        place: qsTr("Window"); text: qsTr("Where the time goes"); sequence: "F10"
        onActivated: commands.performance.toggle()
    }
    Command {
        place: qsTr("Window"); text: qsTr("Settings"); sequence: "Ctrl+,"
        onActivated: commands.settingsWanted()
    }
    Command {
        place: qsTr("Window"); text: qsTr("Larger letters"); sequence: StandardKey.ZoomIn
        onActivated: commands.app.settings.step("look/fontPercent", 1)
    }
    Shortcut { sequence: "Ctrl+="; onActivated: commands.app.settings.step("look/fontPercent", 1) }
    Command {
        place: qsTr("Window"); text: qsTr("Smaller letters"); sequence: StandardKey.ZoomOut
        onActivated: commands.app.settings.step("look/fontPercent", -1)
    }
    Command {
        place: qsTr("Window"); text: qsTr("Letters as usual"); sequence: "Ctrl+0"
        onActivated: commands.app.settings.reset("look/fontPercent")
    }
    Command {
        place: qsTr("Window"); text: qsTr("Shortcuts"); sequence: "Ctrl+?"
        onActivated: commands.listWanted()
    }
    Shortcut { sequence: "F1"; onActivated: commands.listWanted() }
    Command {
        place: qsTr("Window"); text: qsTr("Quit"); sequence: "Ctrl+Q"
        onActivated: Qt.quit()
    }
}
