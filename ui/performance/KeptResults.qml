import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Altiplano.App
import Altiplano.Ui

// Earlier results of this machine, and a way to those of others.
PlotSection {
    id: section
    required property Comparison comparison
    signal chooseFile()

    heading: qsTr("Results")

    Label {
        Layout.fillWidth: true
        text: qsTr("altiplano-cli bench --json writes such files, too: one from another machine can be opened here.")
        color: Theme.textDim
        wrapMode: Text.Wrap
        lineHeight: 1.3
    }
    Repeater {
        model: section.comparison.kept
        delegate: T.ItemDelegate {
            id: entry
            required property var modelData
            Layout.fillWidth: true
            implicitHeight: Math.round(48 * Theme.fontScale)
            focusPolicy: Qt.TabFocus
            text: modelData.title
            Accessible.role: Accessible.Button
            Accessible.name: modelData.title + ", " + modelData.detail
            Accessible.onPressAction: clicked()
            onClicked: section.comparison.show(modelData.file)
            contentItem: RowLayout {
                ColumnLayout {
                    spacing: 2
                    Label {
                        Layout.fillWidth: true
                        text: entry.modelData.title
                        font.weight: entry.modelData.file === section.comparison.shownFile ? Font.DemiBold : Font.Normal
                        Accessible.ignored: true
                    }
                    Label {
                        Layout.fillWidth: true
                        text: entry.modelData.detail
                        color: Theme.textDim
                        Accessible.ignored: true
                    }
                }
                IconButton {
                    implicitWidth: Math.round(24 * Theme.fontScale)
                    implicitHeight: implicitWidth
                    iconSize: 14
                    iconName: "close"
                    text: qsTr("Delete this result")
                    onClicked: section.comparison.remove(entry.modelData.file)
                }
            }
            background: Rectangle {
                anchors { fill: parent; leftMargin: -8; rightMargin: -8 }
                radius: 6
                color: entry.hovered ? Theme.raised : "transparent"
                FocusRing { control: entry }
            }
        }
    }
    TextButton {
        text: qsTr("Open a result…")
        onClicked: section.chooseFile()
    }
}
