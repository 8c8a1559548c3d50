import QtQuick
import QtQuick.Templates as T

T.Menu {
    id: menu
    implicitWidth: Math.max(background.implicitWidth, contentWidth + leftPadding + rightPadding)
    implicitHeight: contentHeight + topPadding + bottomPadding
    margins: 8
    topPadding: 4
    bottomPadding: 4
    delegate: MenuRow {}

    contentItem: ListView {
        implicitHeight: contentHeight
        model: menu.contentModel
        interactive: contentHeight > height
        currentIndex: menu.currentIndex
        clip: true
    }
    background: Rectangle {
        implicitWidth: 220
        radius: Theme.radius
        color: Theme.base
        border { width: 1; color: Theme.line }
    }
    enter: Transition { NumberAnimation { property: "opacity"; from: 0; to: 1; duration: Theme.fade } }
}
