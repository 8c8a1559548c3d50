import QtQuick
import QtQuick.Templates as T

// Code: raised, scrolling sideways, never wrapped.
Rectangle {
    id: block
    required property Item row
    readonly property alias scroller: scroller
    function editAt(x: real, y: real): Item { return code }

    implicitHeight: header.height + code.implicitHeight + 12
    radius: Theme.radius
    color: Theme.raised
    Accessible.role: Accessible.Grouping
    Accessible.name: row.codeName(row.language)

    Item {
        id: header
        width: parent.width
        height: Theme.control
        Label {
            anchors { left: parent.left; leftMargin: 12; verticalCenter: parent.verticalCenter }
            text: block.row.language
            color: Theme.textDim
        }
        CopyButton {
            anchors { right: parent.right; rightMargin: 4; verticalCenter: parent.verticalCenter }
            text: qsTr("Copy code")
            onClicked: block.row.conversation.copy(block.row.text)
        }
    }
    Flickable {
        id: scroller
        LayoutMirroring.enabled: false // code runs from left to right everywhere
        LayoutMirroring.childrenInherit: true
        anchors { top: header.bottom; left: parent.left; right: parent.right; bottom: parent.bottom }
        anchors { leftMargin: 12; rightMargin: 12 }
        contentWidth: Math.max(width, code.implicitWidth)
        contentHeight: height
        flickableDirection: Flickable.HorizontalFlick
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        T.ScrollBar.horizontal: ThinScrollBar {}

        SelectableText {
            id: code
            row: block.row
            content: row.content
            width: Math.max(implicitWidth, parent.width)
            horizontalAlignment: TextEdit.AlignLeft
            wrapMode: TextEdit.NoWrap
            font { family: Theme.monospace; pixelSize: Theme.code }
            Accessible.role: Accessible.EditableText
        }
    }
}
