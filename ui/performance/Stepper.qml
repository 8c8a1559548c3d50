import QtQuick
import QtQuick.Templates as T
import Altiplano.Ui

// A whole number with a smaller and a larger one to either side.
Row {
    id: stepper
    property string label
    property int from: 0
    property int to: 100
    property int value: 0

    spacing: 4

    component Step: T.AbstractButton {
        id: step
        property int by: 1
        implicitWidth: Math.round(28 * Theme.fontScale)
        implicitHeight: implicitWidth
        enabled: stepper.value + by >= stepper.from && stepper.value + by <= stepper.to
        opacity: enabled ? 1 : 0.4
        autoRepeat: true
        focusPolicy: Qt.TabFocus
        Accessible.role: Accessible.Button
        Accessible.name: text
        Accessible.onPressAction: clicked()
        onClicked: stepper.value += by
        contentItem: Text {
            text: step.by > 0 ? "+" : "−"
            color: Theme.text
            font.pixelSize: Theme.body
            horizontalAlignment: Text.AlignHCenter
            verticalAlignment: Text.AlignVCenter
        }
        background: Rectangle {
            radius: 6
            color: step.hovered ? Theme.line : Theme.raised
            FocusRing { control: step }
        }
    }
    Step {
        by: -1
        text: qsTr("%1: one less than %2").arg(stepper.label).arg(stepper.value)
    }
    Label {
        width: Math.round(36 * Theme.fontScale)
        height: parent.height
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
        text: Format.count(stepper.value)
        Accessible.name: stepper.label + ": " + text
    }
    Step {
        by: 1
        text: qsTr("%1: one more than %2").arg(stepper.label).arg(stepper.value)
    }
}
