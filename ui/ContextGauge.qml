import QtQuick

// How much of the context the conversation takes, with what is being written.
Row {
    id: gauge
    property int used: 0
    property int pending: 0 // of what is being written
    property int total: 0
    property bool busy: false // an answer streams in
    property int told: 0 // to those who do not see it: not each token
    property int shown: 0 // a few times a second, with what else is drawn then
    property real shownAt: 0 // ms
    readonly property int taken: used + pending
    readonly property real share: total > 0 ? shown / total : 0

    spacing: Theme.unit
    visible: total > 0
    Accessible.role: Accessible.StaticText
    Accessible.name: sentence(told)
    onTakenChanged: {
        if (!busy) told = taken
        if (!busy || Date.now() - shownAt > 250) show()
        else later.restart()
    }
    onBusyChanged: {
        told = taken
        show()
    }

    function show() {
        shown = taken
        shownAt = Date.now()
        later.stop()
    }
    function sentence(tokens: int): string {
        return qsTr("Context: %1 of %2 tokens").arg(Format.count(tokens)).arg(Format.count(total))
    }

    Timer {
        id: later
        interval: 300
        onTriggered: gauge.show()
    }
    Rectangle {
        anchors.verticalCenter: parent.verticalCenter
        width: 48
        height: 4
        radius: 2
        color: Theme.line
        Rectangle {
            height: parent.height
            width: gauge.shown > 0 ? Math.max(4, parent.width * Math.min(1, gauge.share)) : 0
            radius: 2
            color: gauge.share > 0.9 ? Theme.warn : Theme.textDim
        }
    }
    Text {
        text: qsTr("%1 / %2").arg(Format.count(gauge.shown)).arg(Format.count(gauge.total))
        font.pixelSize: Theme.small
        color: gauge.share > 0.9 ? Theme.warn : Theme.textDim
    }
    HoverHandler { id: hover }
    Tip {
        visible: hover.hovered
        text: hover.hovered ? gauge.sentence(gauge.taken) : ""
    }
}
