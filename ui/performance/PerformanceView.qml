import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Altiplano.App
import Altiplano.Ui

// Where the time of every token goes, live.
Rectangle {
    id: view
    required property AppContext app
    readonly property PerformanceModel performance: app.performance
    readonly property bool measured: performance.tokens > 0
    signal closeRequested()

    objectName: "performanceView"
    color: Theme.base
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Performance")

    PhaseColors {
        id: phaseColors
        cpu: Theme.cpu
        gpu: Theme.gpu
        neutral: Theme.textDim
        line: Theme.line
        text: Theme.text
        onGpu: view.performance.onGpu
    }
    Rectangle {
        width: 1
        height: parent.height
        color: Theme.line
    }
    RowLayout {
        id: header
        anchors { left: parent.left; right: parent.right; top: parent.top; leftMargin: 16; rightMargin: 8 }
        height: Theme.control + 2 * Theme.unit
        Label {
            Layout.fillWidth: true
            text: qsTr("Where the time goes")
            font.pixelSize: Theme.body
            font.weight: Font.DemiBold
            Accessible.role: Accessible.Heading
        }
        IconButton {
            iconName: "close"
            text: qsTr("Close the performance view")
            hint: qsTr("Close (F10)")
            onClicked: view.closeRequested()
        }
    }
    Flickable {
        id: flickable
        anchors { left: parent.left; right: parent.right; top: header.bottom; bottom: parent.bottom; leftMargin: 1 }
        contentHeight: content.implicitHeight + 2 * 16
        boundsBehavior: Flickable.StopAtBounds
        clip: true
        T.ScrollBar.vertical: ThinScrollBar {}

        ColumnLayout {
            id: content
            x: 16
            y: 4
            width: flickable.width - 2 * 16
            spacing: 28

            Label {
                Layout.fillWidth: true
                visible: !view.measured
                text: qsTr("Ask something: every token of the answer will show here what it was made of.")
                color: Theme.textDim
                wrapMode: Text.Wrap
                lineHeight: 1.4
            }
            RateSection {
                Layout.fillWidth: true
                visible: view.measured
                performance: view.performance
                colors: phaseColors
            }
            BarsSection {
                Layout.fillWidth: true
                visible: view.measured
                performance: view.performance
                colors: phaseColors
            }
            PhaseSection {
                Layout.fillWidth: true
                visible: view.measured
                performance: view.performance
                colors: phaseColors
            }
            RoofSection {
                Layout.fillWidth: true
                visible: view.performance.roofBytesPerSecond > 0 && view.measured
                performance: view.performance
                colors: phaseColors
            }
            MemorySection {
                Layout.fillWidth: true
                visible: view.performance.weightBytes > 0
                performance: view.performance
                colors: phaseColors
            }
        }
    }
}
