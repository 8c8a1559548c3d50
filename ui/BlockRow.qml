import QtQuick
import Altiplano.App

// One row of the conversation: a block of a message, indented as it is nested, or the foot of a message. BlockRows
// says what is in it. Rows are made and used again while text streams in, several in a frame: what few of them need
// is made for those only.
TranscriptRow {
    id: root
    required property Item conversation
    property Item part: null // what it shows
    property TextEdit edit: null // its words, where it is nothing but words
    property real wanted: 0 // of the user's own words: how wide they would like to be
    property string spoken: growing ? "" : text // once no more of it will come

    readonly property bool mine: sender === MessageModel.User
    readonly property bool worded: edit !== null
    readonly property int gap: foot || first ? 0 : tight ? (nesting[0] === "q" ? 8 : 4) : mine ? 6 : kind === BlockKind.Heading ? 20 : 12
    readonly property int indent: Math.round(24 * Theme.fontScale)
    readonly property int inset: nesting.length * indent + (thought ? indent : 0)
    readonly property int padding: mine && !foot ? 12 : 0
    readonly property real partWidth: mine && !foot ? Math.min(width - 32, Math.ceil(wanted)) : width - inset
    readonly property real partX: mine && !foot ? (Theme.mirrored ? 16 : width - partWidth - 16) : rightToLeft ? 0 : inset
    readonly property real partY: gap + padding
    // The words' own direction: a list in Arabic has its markers at the right, whatever the window's language.
    readonly property bool rightToLeft: edit === null || kind === BlockKind.Math ? Theme.mirrored
                                      : edit.effectiveHorizontalAlignment === TextEdit.AlignRight

    // The text at a point of the row; null: it has none.
    function editAt(x: real, y: real): Item {
        return edit ?? (part.editAt ? part.editAt(x - part.x, y - part.y) : null)
    }
    function links(): var { return part.links ? part.links() : [] }
    function scrollSideways(by: real) {
        const area = part.scroller ?? null
        if (area)
            area.contentX = Math.max(0, Math.min(area.contentWidth - area.width, area.contentX + by))
    }
    function who(): string { // whose words, for those who hear the page
        return (mine ? qsTr("You, %1 of %2") : qsTr("Answer, %1 of %2")).arg(message + 1).arg(conversation.messageCount)
    }

    x: conversation.margin
    width: conversation.rowWidth
    implicitHeight: part === null ? 0 : gap + part.height + 2 * padding
    ListView.onPooled: rest()
    ListView.onReused: {
        reuse()
        if (part !== null && part.scroller) part.scroller.contentX = 0
    }
    Accessible.role: Accessible.ListItem
    Accessible.ignored: foot && !first
    Accessible.name: first ? who() : spoken
    Accessible.description: first ? spoken : ""
    Accessible.focusable: true
    Accessible.focused: activeFocus

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
        readonly property bool needed: root.marker !== ""
        onNeededChanged: if (needed) active = true // and stays: the row will have another
        Component.onCompleted: active = needed
        active: false
        visible: needed
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
}
