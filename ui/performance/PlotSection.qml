import QtQuick
import QtQuick.Layouts
import Altiplano.Ui

// A heading with its figure at the right, and what belongs to it below.
ColumnLayout {
    id: section
    property string heading
    property string figure

    spacing: Theme.unit

    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.unit
        Label {
            Layout.fillWidth: true
            text: section.heading
            font.weight: Font.DemiBold
            Accessible.role: Accessible.Heading
        }
        Label {
            text: section.figure
            color: Theme.textDim
        }
    }
}
