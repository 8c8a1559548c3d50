import QtQuick

// An attached text file by its name, with a figure about it.
Row {
    id: chip
    property string name
    property string detail

    spacing: 6
    Accessible.role: Accessible.StaticText
    Accessible.name: qsTr("Attached: %1").arg(name) + (detail ? ", " + detail : "")
    Icon {
        anchors.verticalCenter: parent.verticalCenter
        name: "attach"
        size: 16
        color: Theme.textDim
    }
    Label {
        anchors.verticalCenter: parent.verticalCenter
        width: Math.min(implicitWidth, Math.round(320 * Theme.fontScale))
        text: chip.name
        elide: Text.ElideMiddle
        Accessible.ignored: true
    }
    Label {
        anchors.verticalCenter: parent.verticalCenter
        visible: text !== ""
        text: chip.detail
        color: Theme.textDim
        Accessible.ignored: true
    }
}
