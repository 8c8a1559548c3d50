import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T

// Asks before something is done that takes effort to undo.
T.Popup {
    id: prompt
    property string question
    property string detail
    property string action
    signal accepted()

    parent: T.Overlay.overlay
    anchors.centerIn: parent
    width: Math.min(parent ? parent.width - 48 : 0, Math.round(480 * Theme.fontScale))
    height: contentItem.implicitHeight + 2 * padding
    padding: 16
    modal: true
    focus: true
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside
    onOpened: cancelButton.forceActiveFocus(Qt.TabFocusReason)

    contentItem: ColumnLayout {
        spacing: 12
        Label {
            Layout.fillWidth: true
            text: prompt.question
            font { pixelSize: Theme.body; weight: Font.DemiBold }
            wrapMode: Text.Wrap
        }
        Label {
            Layout.fillWidth: true
            visible: text !== ""
            text: prompt.detail
            wrapMode: Text.Wrap
            maximumLineCount: 8
        }
        RowLayout {
            Layout.alignment: Qt.AlignRight
            spacing: Theme.unit
            TextButton {
                id: cancelButton
                text: qsTr("Cancel")
                onClicked: prompt.close()
            }
            TextButton {
                primary: true
                text: prompt.action
                onClicked: {
                    prompt.accepted()
                    prompt.close()
                }
            }
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: Theme.base
        border { width: 1; color: Theme.line }
        Accessible.role: Accessible.Dialog
        Accessible.name: prompt.question + " " + prompt.detail
    }
}
