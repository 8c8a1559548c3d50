import QtQuick
import QtQuick.Templates as T
import Altiplano.App

// The model in use; opens the picker.
T.Button {
    id: chip
    required property ModelController model
    readonly property bool ready: model.state === ModelController.Ready

    text: ready ? model.name : model.state === ModelController.Loading ? qsTr("Loading…") : qsTr("Choose a model")
    implicitHeight: Theme.control
    implicitWidth: Math.min(label.implicitWidth + 2 * 12 + (dot.visible ? 14 : 0) + arrow.width + 6, maximumWidth)
    property int maximumWidth: Math.round(420 * Theme.fontScale)
    focusPolicy: Qt.TabFocus
    Accessible.role: Accessible.Button
    Accessible.name: ready ? qsTr("Model: %1").arg(label.text) : text
    Accessible.onPressAction: clicked()
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()

    contentItem: Item {
        Rectangle {
            id: dot
            visible: chip.ready
            anchors { left: parent.left; leftMargin: 12; verticalCenter: parent.verticalCenter }
            width: 6
            height: 6
            radius: 3
            color: chip.model.backend === "cpu" ? Theme.cpu : chip.model.backend === "remote" ? Theme.textDim : Theme.gpu
        }
        Label {
            id: label
            anchors { left: parent.left; leftMargin: dot.visible ? 26 : 12; verticalCenter: parent.verticalCenter }
            width: Math.min(implicitWidth, parent.width - anchors.leftMargin - arrow.width - 14)
            text: chip.ready ? [chip.model.name, chip.model.quantization,
                                chip.model.backend === "remote" ? chip.model.deviceName
                                : Format.device(chip.model.backend, chip.model.threads)].filter(Boolean).join(" · ")
                             : chip.text
            Accessible.ignored: true
        }
        Icon {
            id: arrow
            anchors { verticalCenter: parent.verticalCenter; right: parent.right; rightMargin: 10 }
            name: "chevron-down"
            size: 16
            color: Theme.textDim
        }
    }
    Tip {
        visible: chip.hovered && text !== ""
        text: chip.ready ? [label.truncated ? label.text : "", chip.model.deviceName, chip.model.deviceReason].filter(Boolean).join("\n") : ""
    }
    background: Rectangle {
        radius: Theme.radius
        color: chip.hovered || chip.down ? Theme.line : Theme.raised
        FocusRing { control: chip }
    }
}
