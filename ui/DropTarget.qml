import QtQuick
import Altiplano.App

// The whole window takes a model file to open, and text files to attach.
DropArea {
    id: target
    required property ModelController model
    required property Draft draft
    property bool isModel: false

    function modelIn(urls: var): bool { return urls.some(url => url.toString().toLowerCase().endsWith(".gguf")) }

    onEntered: drag => {
        drag.accepted = drag.hasUrls
        isModel = drag.hasUrls && modelIn(drag.urls)
    }
    onDropped: drop => {
        if (!drop.hasUrls)
            return
        if (modelIn(drop.urls)) model.openUrl(drop.urls.find(url => modelIn([url])))
        else for (const url of drop.urls) draft.attach(url)
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
            text: target.isModel ? qsTr("Drop to open this model") : qsTr("Drop to attach")
            font { pixelSize: Theme.title; weight: Font.DemiBold }
        }
    }
}
