import QtQuick
import QtQuick.Templates as T

T.ScrollBar {
    id: bar
    implicitWidth: vertical ? 10 : 100
    implicitHeight: vertical ? 100 : 10
    padding: 2
    minimumSize: 0.06
    visible: size < 1
    Accessible.ignored: true // keys scroll

    contentItem: Rectangle {
        implicitWidth: 6
        implicitHeight: 6
        radius: 3
        color: Theme.textDim
        opacity: bar.pressed ? 0.8 : bar.hovered ? 0.6 : 0.3
    }
}
