import QtQuick
import QtQuick.Layouts
import Altiplano.App
import Altiplano.Ui

// The last tokens along time: wheel, pinch, + and - zoom; dragging and the arrows move.
PlotSection {
    id: section
    required property PerformanceModel performance
    required property PhaseColors colors
    readonly property bool split: performance.onGpu && performance.layersOnGpu < performance.layers
    readonly property int labelWidth: Math.round(44 * Theme.fontScale)

    heading: qsTr("Timeline")
    figure: tabled ? qsTr("the newest token") : qsTr("%1 shown").arg(Format.time(timeline.spanNs))

    tableView: DataTableView {
        table: section.swap.table
        columns: [0, 1, 2, 3, 4]
        titles: [qsTr("from"), qsTr("takes"), qsTr("where"), qsTr("phase"), qsTr("layer")]
        formats: [us => Format.time(us * 1000), us => Format.time(us * 1000),
                  lane => lane === "host" ? (section.split ? qsTr("CPU") : qsTr("host")) : section.performance.onGpu ? qsTr("GPU") : qsTr("threads"), null, null]
    }

    FocusScope {
        id: area
        visible: !section.tabled
        Layout.fillWidth: true
        implicitHeight: timeline.height + Math.round(16 * Theme.fontScale)
        activeFocusOnTab: true
        Accessible.role: Accessible.Chart
        Accessible.name: section.heading + ": " + section.figure
        Accessible.description: qsTr("Plus and minus zoom, the arrows move, Home goes to the newest token. The button beside the heading shows the figures as a table.")
        Keys.onPressed: event => {
            const middle = timeline.width / 2
            if (event.key === Qt.Key_Plus || event.key === Qt.Key_Equal) timeline.zoom(middle, 1.5)
            else if (event.key === Qt.Key_Minus) timeline.zoom(middle, 1 / 1.5)
            else if (event.key === Qt.Key_Left) timeline.pan(timeline.width / 8)
            else if (event.key === Qt.Key_Right) timeline.pan(-timeline.width / 8)
            else if (event.key === Qt.Key_Home) timeline.goToNewest()
            else return
            event.accepted = true
        }

        Repeater {
            model: [section.split ? qsTr("CPU") : qsTr("host"), section.performance.onGpu ? qsTr("GPU") : qsTr("threads")]
            delegate: Label {
                required property int index
                required property string modelData
                y: index * (timeline.height / 2 + 1)
                width: section.labelWidth
                height: timeline.height / 2
                verticalAlignment: Text.AlignVCenter
                text: modelData
                color: Theme.textDim
                font.pixelSize: Math.round(11 * Theme.fontScale)
                Accessible.ignored: true
            }
        }
        TimelinePlot {
            id: timeline
            objectName: "timeline"
            anchors { left: parent.left; leftMargin: section.labelWidth + 4; right: parent.right }
            height: Math.round(62 * Theme.fontScale)
            clip: true
            source: section.performance
            colors: section.colors

            Repeater {
                model: timeline.labels
                delegate: Text {
                    required property var modelData
                    x: modelData.x + 4
                    y: modelData.y
                    width: modelData.width - 8
                    height: modelData.height
                    verticalAlignment: modelData.waiting ? Text.AlignTop : Text.AlignVCenter
                    text: modelData.text
                    elide: Text.ElideRight
                    font.pixelSize: Math.round(11 * Theme.fontScale)
                    color: modelData.waiting ? Theme.textDim : modelData.light ? "#1c1e20" : "#ffffff"
                }
            }
        }
        Rectangle {
            anchors { fill: timeline; margins: -3 }
            visible: area.activeFocus
            radius: 4
            color: "transparent"
            border { width: 2; color: Theme.accent }
        }
        PhaseTip {
            plot: timeline
            WheelHandler {
                acceptedDevices: PointerDevice.Mouse | PointerDevice.TouchPad
                onWheel: event => {
                    if (event.modifiers & Qt.ShiftModifier || event.angleDelta.y === 0)
                        timeline.pan(event.angleDelta.x + event.angleDelta.y)
                    else
                        timeline.zoom(point.position.x, Math.pow(1.2, event.angleDelta.y / 120))
                }
            }
            PinchHandler {
                target: null
                property real last: 1
                onActiveChanged: last = 1
                onActiveScaleChanged: {
                    timeline.zoom(centroid.position.x, activeScale / last)
                    last = activeScale
                }
            }
            DragHandler {
                target: null
                property real last: 0
                onActiveChanged: last = 0
                onTranslationChanged: {
                    timeline.pan(translation.x - last)
                    last = translation.x
                }
            }
            TapHandler {
                onTapped: area.forceActiveFocus()
                onDoubleTapped: timeline.goToNewest()
            }
        }
        Row {
            anchors { right: parent.right; bottom: parent.bottom }
            visible: timeline.rulerNs > 0
            spacing: 6
            Label {
                text: Format.time(timeline.rulerNs)
                color: Theme.textDim
                font.pixelSize: Math.round(11 * Theme.fontScale)
                Accessible.ignored: true
            }
            Rectangle {
                anchors.verticalCenter: parent.verticalCenter
                width: Math.round(timeline.rulerWidth)
                height: 5
                color: "transparent"
                Rectangle { y: 2; width: parent.width; height: 1; color: Theme.textDim }
                Rectangle { width: 1; height: 5; color: Theme.textDim }
                Rectangle { x: parent.width - 1; width: 1; height: 5; color: Theme.textDim }
            }
        }
        Label {
            anchors { left: timeline.left; bottom: parent.bottom }
            text: timeline.following ? qsTr("scroll to zoom, drag to move")
                                     : qsTr("double-click for the newest")
            color: Theme.textDim
            font.pixelSize: Math.round(11 * Theme.fontScale)
            Accessible.ignored: true
        }
    }
}
