import QtQuick
import QtQuick.Templates as T
import Altiplano.App

// The turns. Follows what streams in until the user scrolls up; scrolling back to the end, or the button,
// follows again.
FocusScope {
    id: conversation
    required property AppContext app
    readonly property bool following: list.follow

    function showLatest() {
        list.follow = true
        list.positionViewAtEnd()
    }

    ListView {
        id: list
        objectName: "messages"
        property bool follow: true
        property real lastY: 0
        readonly property int margin: Math.max(24, Math.round((width - Theme.column) / 2))
        readonly property bool byUser: moving || bar.pressed

        anchors.fill: parent
        model: conversation.app.chat.messages
        boundsBehavior: Flickable.StopAtBounds
        cacheBuffer: 2000
        clip: true
        spacing: 4
        header: Item { height: 24; width: 1 }
        footer: Item { height: 8; width: 1 }
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Conversation")

        delegate: Message {
            x: list.margin
            width: list.width - 2 * list.margin
            app: conversation.app
            last: index === list.count - 1
        }
        T.ScrollBar.vertical: ThinScrollBar { id: bar }

        onContentYChanged: {
            if (byUser && contentY < lastY - 0.5)
                follow = false
            if (byUser && atYEnd)
                follow = true
            lastY = contentY
        }
        onContentHeightChanged: if (follow) positionViewAtEnd()
        onHeightChanged: if (follow) positionViewAtEnd()
        onCountChanged: conversation.showLatest()
    }
    IconButton {
        anchors { bottom: parent.bottom; bottomMargin: Theme.unit; horizontalCenter: parent.horizontalCenter }
        visible: !list.follow && !list.atYEnd
        iconName: "arrow-down"
        text: qsTr("Latest")
        hint: qsTr("Go to the latest")
        onClicked: conversation.showLatest()
        background: Rectangle {
            radius: height / 2
            color: Theme.raised
            border { width: 1; color: Theme.line }
        }
    }
    Keys.onPressed: event => {
        const page = list.height * 0.9
        if (event.key === Qt.Key_PageUp) scrollBy(-page)
        else if (event.key === Qt.Key_PageDown) scrollBy(page)
        else return
        event.accepted = true
    }

    function scrollBy(distance: real) {
        const end = list.originY + list.contentHeight - list.height
        list.contentY = Math.round(Math.max(list.originY, Math.min(end, list.contentY + distance)))
        list.follow = list.atYEnd
    }
}
