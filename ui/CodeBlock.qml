import QtQuick
import QtQuick.Templates as T
import Altiplano.App

// Code: raised, scrolling sideways, never wrapped.
Rectangle {
    id: block
    required property Item row
    readonly property alias scroller: scroller
    // The piece at a point, or the one next to it.
    function editAt(x: real, y: real): Item {
        const within = lines.mapFromItem(block, x, y)
        return lines.childAt(0, Math.max(0, Math.min(lines.height - 1, within.y)))
    }

    implicitHeight: header.height + lines.height + 12
    radius: Theme.radius
    color: Theme.raised
    Accessible.role: Accessible.Grouping

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
        contentWidth: Math.max(width, lines.width)
        contentHeight: height
        flickableDirection: Flickable.HorizontalFlick
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        T.ScrollBar.horizontal: ThinScrollBar {}

        CodePieces {
            id: pieces
            content: block.row.kind === BlockKind.Code ? block.row.content : undefined
        }
        Column {
            id: lines
            Repeater {
                model: pieces
                delegate: SelectableText {
                    required property var piece
                    required property int start
                    required property int before

                    row: block.row
                    content: piece
                    offset: start
                    codeState: before
                    width: Math.max(implicitWidth, scroller.width)
                    horizontalAlignment: TextEdit.AlignLeft
                    wrapMode: TextEdit.NoWrap
                    font { family: Theme.monospace; pixelSize: Theme.code }
                    Accessible.role: Accessible.EditableText
                    Accessible.name: block.row.growing ? "" : text
                }
            }
        }
    }
}
