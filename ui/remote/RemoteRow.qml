import QtQuick
import QtQuick.Templates as T
import Altiplano.App
import Altiplano.Ui

// A row of the remote models in the picker: a server, whose click shows or hides its models and leaves the menu
// open; a model; a note in their place; the way to the server's form.
T.ItemDelegate {
    id: row
    required property int kind
    required property string endpoint
    required property string label
    required property string detail
    required property string path
    required property bool open
    property bool current: false // the model in use
    property string searched // words, of which a model that is shown has all
    readonly property bool server: kind === RemoteModels.EndpointRow
    readonly property bool note: kind === RemoteModels.NoteRow

    text: kind === RemoteModels.EditRow ? qsTr("Edit this endpoint…") : label
    implicitWidth: 200
    implicitHeight: Math.max(Theme.control + 4, title.implicitHeight + 12)
    visible: kind !== RemoteModels.ModelRow
             || searched.toLowerCase().split(" ").every(word => label.toLowerCase().includes(word))
    height: visible ? implicitHeight : 0
    leftPadding: 12
    rightPadding: 12
    enabled: !note
    activeFocusOnTab: !note && visible
    Accessible.role: note ? Accessible.StaticText : Accessible.MenuItem
    Accessible.name: !server ? text : open ? qsTr("%1, models shown").arg(label) : qsTr("%1, show its models").arg(label)
    Accessible.description: detail
    Accessible.onPressAction: clicked()
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()

    contentItem: Item {
        Icon {
            id: icon
            anchors { left: parent.left; leftMargin: row.server ? 0 : 16; verticalCenter: parent.verticalCenter }
            visible: !row.note
            name: !row.server ? (row.current ? "check" : row.kind === RemoteModels.EditRow ? "edit" : "mark")
                : row.open ? "chevron-down" : row.mirrored ? "chevron-left" : "chevron-right"
            size: 16
            color: Theme.textDim
        }
        Label {
            id: title
            anchors { left: icon.right; leftMargin: 10; right: host.left; rightMargin: 8; verticalCenter: parent.verticalCenter }
            text: row.text
            color: row.note ? Theme.textDim : Theme.text
            wrapMode: row.note ? Text.Wrap : Text.NoWrap
            maximumLineCount: row.note ? 8 : 1
            Accessible.ignored: true
        }
        Label {
            id: host
            anchors { right: parent.right; verticalCenter: parent.verticalCenter }
            width: Math.min(implicitWidth, parent.width * 0.5)
            text: row.detail
            color: Theme.textDim
            Accessible.ignored: true
        }
    }
    background: Rectangle {
        x: 4
        width: parent.width - 8
        radius: 6
        color: row.enabled && (row.hovered || row.activeFocus) ? Theme.raised : "transparent"
    }
}
