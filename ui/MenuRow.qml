import QtQuick
import QtQuick.Templates as T

T.MenuItem {
    id: row
    property string iconName
    property string detail

    implicitWidth: Math.max(200, content.implicitWidth + leftPadding + rightPadding)
    implicitHeight: Theme.control + 4
    leftPadding: 12
    rightPadding: 12

    contentItem: Item {
        id: content
        implicitWidth: label.anchors.leftMargin + label.implicitWidth + (detailLabel.visible ? 24 + detailLabel.implicitWidth : 0)
        Icon {
            id: icon
            visible: row.iconName !== ""
            anchors { left: parent.left; verticalCenter: parent.verticalCenter }
            name: row.iconName || "check"
            size: 16
            color: Theme.textDim
        }
        Label {
            id: label
            anchors { left: parent.left; leftMargin: icon.visible ? icon.width + 10 : 0; verticalCenter: parent.verticalCenter }
            width: Math.min(implicitWidth, parent.width - anchors.leftMargin)
            text: row.text
            opacity: row.enabled ? 1 : 0.5
            Accessible.ignored: true
        }
        Label {
            id: detailLabel
            visible: row.detail !== ""
            anchors { right: parent.right; verticalCenter: parent.verticalCenter }
            text: row.detail
            color: Theme.textDim
            Accessible.ignored: true
        }
    }
    background: Rectangle {
        x: 4
        width: parent.width - 8
        radius: 6
        color: row.highlighted ? Theme.raised : "transparent"
    }
}
