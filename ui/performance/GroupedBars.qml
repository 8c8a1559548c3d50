import QtQuick
import QtQuick.Layouts
import Altiplano.Ui

// Bars in groups, with their figures on top: groups are [{label, values}], one value per series.
PlotSection {
    id: plot
    property var groups: []
    property var series: []
    property var colors: []
    property var format: value => Format.figure(value)
    property string axis // what the groups' labels count
    readonly property bool known: groups.some(group => group.values.some(value => value > 0))
    readonly property real peak: Math.max(0, ...groups.map(group => Math.max(0, ...group.values.filter(value => value > 0))))
    readonly property int small: Math.round(11 * Theme.fontScale)

    Row {
        visible: plot.series.length > 1
        spacing: 16
        Repeater {
            model: plot.series
            delegate: Row {
                required property int index
                required property string modelData
                spacing: 6
                Rectangle {
                    anchors.verticalCenter: parent.verticalCenter
                    width: Math.round(10 * Theme.fontScale)
                    height: width
                    radius: 2
                    color: plot.colors[parent.index]
                }
                Label {
                    text: parent.modelData
                    color: Theme.textDim
                    font.pixelSize: plot.small
                }
            }
        }
    }
    Item {
        id: area
        objectName: "bars"
        Layout.fillWidth: true
        implicitHeight: 130 + labelRoom + foot.height
        readonly property int labelRoom: Math.round(18 * Theme.fontScale)
        readonly property real room: height - foot.height - labelRoom
        Accessible.role: Accessible.Chart
        Accessible.name: plot.heading

        Rectangle {
            y: parent.height - foot.height
            width: parent.width
            height: 1
            color: Theme.line
        }
        Row {
            id: groupRow
            x: 0
            width: parent.width
            height: parent.height
            Repeater {
                model: plot.groups
                delegate: Item {
                    id: group
                    required property var modelData
                    readonly property int count: modelData.values.length
                    readonly property real slot: Math.floor(groupRow.width / plot.groups.length)
                    readonly property real bar: Math.min(44 * Theme.fontScale, Math.floor(slot * 0.8 / count) - 2)
                    width: slot
                    height: groupRow.height
                    Row {
                        anchors { bottom: parent.bottom; bottomMargin: foot.height; horizontalCenter: parent.horizontalCenter }
                        spacing: 2
                        Repeater {
                            model: group.modelData.values
                            delegate: Item {
                                id: bar
                                required property int index
                                required property real modelData
                                width: group.bar
                                height: area.room + area.labelRoom
                                visible: modelData > 0
                                Accessible.role: Accessible.StaticText
                                Accessible.name: [group.modelData.label, plot.axis, plot.series[index] ?? "",
                                                  plot.format(modelData)].filter(part => part !== "").join(", ")
                                Rectangle {
                                    id: column
                                    objectName: "bar"
                                    anchors { bottom: parent.bottom; left: parent.left; right: parent.right }
                                    height: Math.max(1, Math.round(area.room * bar.modelData / plot.peak))
                                    color: plot.colors[bar.index]
                                }
                                Label {
                                    anchors { bottom: column.top; bottomMargin: 3; horizontalCenter: parent.horizontalCenter }
                                    text: plot.format(bar.modelData)
                                    font.pixelSize: plot.small
                                    color: Theme.text
                                    Accessible.ignored: true
                                }
                            }
                        }
                    }
                    Label {
                        anchors { bottom: parent.bottom; horizontalCenter: parent.horizontalCenter }
                        text: group.modelData.label
                        font.pixelSize: plot.small
                        color: Theme.textDim
                        Accessible.ignored: true
                    }
                }
            }
        }
        Item {
            id: foot
            width: 1
            height: Math.round(20 * Theme.fontScale)
        }
    }
    Label {
        Layout.alignment: Qt.AlignHCenter
        visible: plot.axis !== ""
        text: plot.axis
        font.pixelSize: plot.small
        color: Theme.textDim
        Accessible.ignored: true
    }
}
