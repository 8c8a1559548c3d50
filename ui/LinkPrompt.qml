import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T

// Shows where a link leads before anything is opened.
T.Popup {
    id: prompt
    property string target
    signal accepted(string target)
    signal copied(string target)

    function ask(link: string) {
        target = link
        open()
    }

    parent: T.Overlay.overlay
    anchors.centerIn: parent
    width: Math.min(parent ? parent.width - 48 : 0, Math.round(480 * Theme.fontScale))
    height: contentItem.implicitHeight + 2 * padding
    padding: 16
    modal: true
    focus: true
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside
    onOpened: openButton.forceActiveFocus(Qt.TabFocusReason)

    contentItem: ColumnLayout {
        spacing: 12
        Label {
            Layout.fillWidth: true
            text: qsTr("Open this link in the browser?")
            font { pixelSize: Theme.body; weight: Font.DemiBold }
            wrapMode: Text.Wrap
        }
        Label {
            Layout.fillWidth: true
            text: prompt.target
            wrapMode: Text.WrapAnywhere
            maximumLineCount: 8
        }
        RowLayout {
            Layout.alignment: Qt.AlignRight
            spacing: Theme.unit
            TextButton {
                text: qsTr("Cancel")
                onClicked: prompt.close()
            }
            TextButton {
                text: qsTr("Copy link")
                onClicked: {
                    prompt.copied(prompt.target)
                    prompt.close()
                }
            }
            TextButton {
                id: openButton
                primary: true
                text: qsTr("Open")
                onClicked: {
                    prompt.accepted(prompt.target)
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
        Accessible.name: qsTr("Open this link in the browser?") + " " + prompt.target
    }
}
