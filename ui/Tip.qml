import QtQuick
import QtQuick.Templates as T

T.ToolTip {
    id: tip
    y: parent ? parent.height + 4 : 0
    x: parent ? Math.round((parent.width - implicitWidth) / 2) : 0
    margins: 8
    padding: 8
    topPadding: 5
    bottomPadding: 5
    delay: 600
    implicitWidth: contentItem.implicitWidth + leftPadding + rightPadding
    implicitHeight: contentItem.implicitHeight + topPadding + bottomPadding
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutsideParent

    contentItem: Text {
        text: tip.text
        color: Theme.base
        font.pixelSize: Theme.small
        textFormat: Text.PlainText
    }
    background: Rectangle {
        radius: 6
        color: Theme.text
    }
}
