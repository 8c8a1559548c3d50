import QtQuick
import Altiplano.App

// One row of the conversation: a block of a message, indented as it is nested, or the foot of a message.
Item {
    id: root
    required property int index
    required property int message
    required property bool foot
    required property bool first
    required property bool last
    required property int kind
    required property string text
    required property var content
    required property string language
    required property int level
    required property string nesting
    required property string marker
    required property bool tight
    required property bool thought
    required property bool unfolded
    required property bool thinking
    required property real seconds
    required property int sender
    required property int answerState
    required property string error
    required property int branchIndex
    required property int branchCount
    required property int tokens
    required property real tokensPerSecond
    required property real firstTokenMs
    required property bool forgotten
    required property Item conversation

    readonly property bool mine: sender === MessageModel.User
    readonly property int gap: foot || first ? 0 : tight ? (nesting[0] === "q" ? 8 : 4) : mine ? 6 : kind === BlockKind.Heading ? 20 : 12
    readonly property int indent: Math.round(24 * Theme.fontScale)
    readonly property int inset: nesting.length * indent + (thought ? indent : 0)
    readonly property int padding: mine && !foot ? 12 : 0
    readonly property bool worded: !foot && ![BlockKind.Code, BlockKind.Table, BlockKind.Rule, BlockKind.File, BlockKind.Reasoning].includes(kind)
    readonly property Item part: worded ? words : code.needed ? code : table.needed ? table : slot // what is shown
    readonly property real partWidth: measure.item ? Math.min(width - 32, Math.ceil(measure.item.implicitWidth)) : width - inset
    readonly property real partX: mine && !foot ? (Theme.mirrored ? 16 : width - partWidth - 16) : rightToLeft ? 0 : inset
    // The words' own direction: a list in Arabic has its markers at the right, whatever the window's language.
    readonly property bool rightToLeft: !worded || !words.item || kind === BlockKind.Math ? Theme.mirrored
                                      : words.item.edit.effectiveHorizontalAlignment === TextEdit.AlignRight
    readonly property Item edit: part.item ? part.item.edit ?? null : null

    // For those who hear the page: whose words, and the words, which are said once no more of them will come.
    readonly property string who: (mine ? qsTr("You, %1 of %2") : qsTr("Answer, %1 of %2")).arg(message + 1).arg(conversation.messageCount)
    readonly property bool growing: last && answerState === MessageModel.Streaming && index >= ListView.view.count - 2
    readonly property string spoken: growing || foot || kind === BlockKind.Reasoning ? ""
                                   : kind === BlockKind.Code ? codeName(language) + "\n" + text
                                   : kind === BlockKind.File ? qsTr("Attached: %1").arg(language) : text

    // The text at a point of the row; null: it has none.
    function editAt(x: real, y: real): Item {
        return part.item && part.item.editAt ? part.item.editAt(x - part.x, y - part.y) : null
    }
    function links(): var {
        return part.item && part.item.links ? part.item.links() : []
    }
    function scrollSideways(by: real) {
        const area = part.item ? part.item.scroller ?? null : null
        if (area)
            area.contentX = Math.max(0, Math.min(area.contentWidth - area.width, area.contentX + by))
    }
    function codeName(language: string): string { return language ? qsTr("Code in %1").arg(language) : qsTr("Code") }

    implicitHeight: gap + part.height + 2 * padding
    Accessible.role: Accessible.ListItem
    Accessible.ignored: foot && !first
    Accessible.name: first ? who : spoken
    Accessible.description: first ? spoken : ""
    Accessible.focusable: true
    Accessible.focused: activeFocus

    // Rows are made while text streams in, several in a frame: what few of them need is made for those only.
    Loader {
        anchors { fill: parent; topMargin: root.gap - 4; leftMargin: -8; rightMargin: -8; bottomMargin: -4 }
        active: root.activeFocus
        sourceComponent: Rectangle { // the row that the keyboard is at
            radius: Theme.radius
            color: "transparent"
            border { width: 2; color: Theme.accent }
        }
    }
    Loader {
        active: root.mine && !root.foot
        sourceComponent: Rectangle { // the user's own words
            x: root.partX - 16
            y: root.gap
            width: root.partWidth + 32
            height: root.height - y
            radius: Theme.radius
            color: Theme.raised
        }
    }
    Repeater { // a bar for each quote around the block
        id: bars
        readonly property string around: root.thought ? "q" + root.nesting : root.nesting
        model: around.includes("q") ? around.length : 0
        delegate: Rectangle {
            required property int index
            visible: bars.around[index] === "q"
            x: root.rightToLeft ? root.width - index * root.indent - width : index * root.indent
            width: 3
            y: root.tight ? 0 : root.gap
            height: root.height - y
            radius: 1.5
            color: Theme.line
        }
    }
    Loader {
        active: root.marker !== ""
        objectName: "marker"
        x: root.rightToLeft ? root.width - root.inset + 6 : root.inset - width - 6
        y: root.gap + Math.round((Theme.body * 1.5 - height) / 2)
        sourceComponent: Label {
            text: root.marker
            font.pixelSize: Theme.body
            elide: Text.ElideNone
            color: Theme.textDim
        }
    }
    Loader { // how wide the user's words are, so that their block is no wider
        id: measure
        active: root.mine && !root.foot
        visible: false
        sourceComponent: root.kind === BlockKind.File ? filePart : ownWords
        Component {
            id: ownWords
            Text {
                text: root.text
                textFormat: Text.PlainText
                font.pixelSize: Theme.body
                Accessible.ignored: true
            }
        }
    }
    component Part: Loader {
        x: root.partX
        y: root.gap + root.padding
        width: root.partWidth
    }
    // Once made, its item stays when the row is used again for something else: while text streams in, all but
    // the first rows come from those that have left the page.
    component KeptPart: Part {
        required property bool needed
        onNeededChanged: if (needed) active = true
        active: false
        visible: needed
        Component.onCompleted: if (needed) active = true
    }
    KeptPart {
        id: words
        needed: root.worded
        // A Loader asks its item how wide it wants to be, which a TextEdit finds out by laying itself out twice more.
        sourceComponent: Item {
            readonly property alias edit: text
            function editAt(x: real, y: real): Item { return text }
            function links(): var { return text.links() }
            implicitHeight: text.height
            SelectableText {
                id: text
                row: root
                content: root.worded ? root.content : undefined
                width: parent.width
                color: root.thought || root.forgotten ? Theme.textDim : Theme.text
                horizontalAlignment: root.kind === BlockKind.Math ? TextEdit.AlignHCenter : undefined // else as its words run
                font {
                    pixelSize: root.kind !== BlockKind.Heading ? Theme.body
                             : Math.round(Theme.body * [1.5, 1.3, 1.15, 1, 1, 1][root.level - 1])
                    weight: root.kind === BlockKind.Heading ? Font.DemiBold : Font.Normal
                }
                lineHeight: Math.round(font.pixelSize * (root.kind === BlockKind.Heading ? 1.3 : 1.5))
                Accessible.role: root.kind === BlockKind.Heading ? Accessible.Heading : Accessible.Paragraph
            }
        }
    }
    KeptPart {
        id: code
        needed: !root.foot && root.kind === BlockKind.Code
        sourceComponent: CodeBlock { row: root }
    }
    KeptPart {
        id: table
        needed: !root.foot && root.kind === BlockKind.Table
        sourceComponent: TableBlock { row: root }
    }
    Part {
        id: slot
        readonly property bool needed: root.part === slot
        visible: needed
        sourceComponent: !needed ? null
                       : root.foot ? footPart
                       : root.kind === BlockKind.Rule ? rulePart
                       : root.kind === BlockKind.File ? filePart
                       : reasoningPart
        Component { id: filePart; FileChip { name: root.language; detail: qsTr("%n line(s)", "", root.text.split("\n").length) } }
        Component { id: reasoningPart; ReasoningLine { row: root } }
        Component { id: footPart; MessageFoot { row: root } }
        Component {
            id: rulePart
            Item {
                implicitHeight: 17
                Rectangle {
                    anchors.verticalCenter: parent.verticalCenter
                    width: parent.width
                    height: 1
                    color: Theme.line
                }
            }
        }
    }
}
