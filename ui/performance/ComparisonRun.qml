import QtQuick
import QtQuick.Layouts
import Altiplano.App
import Altiplano.Ui

// Starts a comparison, and shows how far it is.
ColumnLayout {
    id: section
    required property Comparison comparison
    required property bool ready

    spacing: 12

    Label {
        Layout.fillWidth: true
        visible: !section.comparison.hasResult
        text: qsTr("How fast is this model on this computer? Times a prompt, and 1, 4, 8 and 16 answers at once; on a GPU with and without graphs.")
        color: Theme.textDim
        wrapMode: Text.Wrap
        lineHeight: 1.4
    }
    RowLayout {
        spacing: Theme.unit
        TextButton {
            objectName: "runComparison"
            visible: !section.comparison.running
            enabled: section.ready
            opacity: enabled ? 1 : 0.5
            primary: !section.comparison.hasResult
            text: section.comparison.hasResult ? qsTr("Measure again") : qsTr("Run the comparison")
            onClicked: section.comparison.run()
        }
        ColumnLayout {
            visible: section.comparison.running
            Layout.fillWidth: true
            spacing: 6
            Label {
                text: section.comparison.trying ? qsTr("Measuring before and after…")
                                                : qsTr("Measuring… a message that you send meanwhile waits.")
                color: Theme.textDim
            }
            ProgressLine {
                Layout.fillWidth: true
                label: qsTr("Comparison")
                value: section.comparison.progress
            }
        }
        TextButton {
            visible: section.comparison.running
            text: qsTr("Cancel")
            onClicked: section.comparison.stop()
        }
    }
    Label {
        Layout.fillWidth: true
        visible: text !== ""
        text: section.comparison.failure
        color: Theme.error
        wrapMode: Text.Wrap
        Accessible.role: Accessible.AlertMessage
    }
}
