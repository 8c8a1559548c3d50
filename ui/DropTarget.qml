import QtQuick
import Altiplano.App

// The whole window takes a model file.
DropArea {
    id: target
    required property ModelController model

    onEntered: drag => { drag.accepted = drag.hasUrls }
    onDropped: drop => {
        if (!drop.hasUrls)
            return
        model.openUrl(drop.urls[0])
        drop.accept()
    }

    Rectangle {
        anchors { fill: parent; margins: 12 }
        visible: target.containsDrag
        radius: 12
        color: Theme.base
        opacity: 0.95
        border { width: 2; color: Theme.accent }
        Label {
            anchors.centerIn: parent
            text: qsTr("Drop to open this model")
            font { pixelSize: Theme.title; weight: Font.DemiBold }
        }
    }
}
