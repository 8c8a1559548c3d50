import QtQuick
import Altiplano.Ui

Column {
    id: figure
    property string label
    property string value

    Accessible.role: Accessible.StaticText
    Accessible.name: label + ": " + value

    Label {
        text: figure.value
        font.pixelSize: Math.round(24 * Theme.fontScale)
        font.weight: Font.Light
        Accessible.ignored: true
    }
    Label {
        text: figure.label
        color: Theme.textDim
        Accessible.ignored: true
    }
}
