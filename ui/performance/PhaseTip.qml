import QtQuick
import QtQuick.Templates as T
import Altiplano.Ui

// What is under the pointer, in words. The plot has a function at(x, y): {title, sentence, ns, wallNs}.
Item {
    id: area
    required property Item plot
    property var found: ({})

    anchors.fill: plot

    HoverHandler {
        id: hover
        onPointChanged: area.found = area.plot.at(point.position.x, point.position.y)
    }
    T.ToolTip {
        id: tip
        visible: hover.hovered && area.found.title !== undefined
        x: Math.max(-40, Math.min(area.width - implicitWidth, hover.point.position.x - implicitWidth / 2))
        y: -implicitHeight - 6
        padding: 10
        topPadding: 7
        bottomPadding: 7
        implicitWidth: Math.min(260, contentItem.implicitWidth + leftPadding + rightPadding)
        implicitHeight: contentItem.implicitHeight + topPadding + bottomPadding
        contentItem: Column {
            spacing: 2
            Text {
                text: area.found.title === undefined ? "" : area.found.wallNs === undefined
                      ? qsTr("%1 · %2").arg(area.found.title).arg(Format.time(area.found.ns))
                      : qsTr("%1 · %2 of %3").arg(area.found.title).arg(Format.time(area.found.ns))
                            .arg(Format.time(area.found.wallNs))
                color: Theme.base
                font.pixelSize: Theme.small
                font.weight: Font.DemiBold
            }
            Text {
                width: 240
                text: area.found.sentence ?? ""
                color: Theme.base
                font.pixelSize: Theme.small
                wrapMode: Text.Wrap
            }
        }
        background: Rectangle {
            radius: 6
            color: Theme.text
        }
    }
}
