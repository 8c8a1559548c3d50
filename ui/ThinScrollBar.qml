import QtQuick
import QtQuick.Templates as T

T.ScrollBar {
    id: bar
    property bool quiet: false // seen only while it is used
    implicitWidth: vertical ? 10 : 100
    implicitHeight: vertical ? 100 : 10
    padding: 2
    minimumSize: 0.06
    visible: size < 1
    Accessible.ignored: true // keys scroll

    contentItem: Loader { // nothing there to move while it is not seen
        active: handle.shown > 0
        sourceComponent: Rectangle {
            radius: 3
            color: Theme.textDim
            opacity: handle.shown
        }
    }
    QtObject {
        id: handle
        property real shown: bar.pressed ? 0.8 : bar.hovered ? 0.6 : bar.quiet && !bar.active ? 0 : 0.3
        Behavior on shown { NumberAnimation { duration: Theme.fade } }
    }
}
