import QtQuick
import QtQuick.Templates as T
import Altiplano.App

// Code: raised, scrolling sideways, never wrapped.
Rectangle {
    id: block
    required property BlockModel blocks
    required property int row
    property string language
    signal copyRequested(string text)

    implicitHeight: header.height + code.implicitHeight + 12
    radius: Theme.radius
    color: Theme.raised
    Accessible.role: Accessible.Grouping
    Accessible.name: language ? qsTr("Code in %1").arg(language) : qsTr("Code")

    Item {
        id: header
        width: parent.width
        height: Theme.control
        Label {
            anchors { left: parent.left; leftMargin: 12; verticalCenter: parent.verticalCenter }
            text: block.language
            color: Theme.textDim
        }
        CopyButton {
            anchors { right: parent.right; rightMargin: 4; verticalCenter: parent.verticalCenter }
            text: qsTr("Copy code")
            onClicked: block.copyRequested(code.text)
        }
    }
    Flickable {
        anchors { top: header.bottom; left: parent.left; right: parent.right; bottom: parent.bottom }
        anchors { leftMargin: 12; rightMargin: 12 }
        contentWidth: code.implicitWidth
        contentHeight: height
        flickableDirection: Flickable.HorizontalFlick
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        T.ScrollBar.horizontal: ThinScrollBar {}

        TextEdit {
            id: code
            readOnly: true
            selectByMouse: true
            textFormat: TextEdit.PlainText
            color: Theme.text
            selectionColor: Theme.accent
            selectedTextColor: Theme.accentText
            font { family: Theme.monospace; pixelSize: Theme.code }
            activeFocusOnTab: false
            Accessible.name: text
            StreamedText {
                document: code.textDocument
                blocks: block.blocks
                row: block.row
                lineHeight: Math.round(Theme.code * 1.5)
            }
        }
    }
}
