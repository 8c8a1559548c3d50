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
    property bool wide: false
    property bool comparing: false
    signal wideRequested()
    signal closeRequested()

    function chooseResult() {
        if (!resultDialog.item)
            resultDialog.setSource("ResultFileDialog.qml")
        resultDialog.item.open()
    }

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
        anchors { left: parent.left; top: parent.top; bottom: parent.bottom }
        width: 1
        color: Theme.line
    }
    RowLayout {
        id: header
        anchors { left: parent.left; right: parent.right; top: parent.top; leftMargin: 8; rightMargin: 8 }
        height: Theme.control + 2 * Theme.unit
        Choice {
            Layout.preferredWidth: oneLine
            label: qsTr("Show")
            options: [qsTr("Live"), qsTr("Compare")]
            current: view.comparing ? 1 : 0
            onChosen: index => view.comparing = index === 1
        }
        Item { Layout.fillWidth: true }
        IconButton {
            iconName: view.wide ? "narrow" : "widen"
            text: view.wide ? qsTr("Beside the chat") : qsTr("Whole window")
            onClicked: view.wideRequested()
        }
        IconButton {
            iconName: "close"
            text: qsTr("Close the performance view")
            hint: qsTr("Close (F10)")
            onClicked: view.closeRequested()
        }
    }
    Loader {
        anchors { left: parent.left; right: parent.right; top: header.bottom; bottom: parent.bottom; leftMargin: 1 }
        active: view.comparing
        sourceComponent: ComparePage {
            app: view.app
            exporter: exportMenu
            onChooseFile: view.chooseResult()
        }
    }
    ExportMenu {
        id: exportMenu
        app: view.app
    }
    Loader { id: resultDialog }
    Connections {
        target: resultDialog.item
        function onAccepted() { view.app.comparison.open(resultDialog.item.selectedFile) }
    }
    Flickable {
        id: flickable
        visible: !view.comparing
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
                text: view.performance.backend === "remote" ? qsTr("This model runs elsewhere: what its tokens are made of is not known here.")
                    : qsTr("Ask something: every token of the answer will show here what it was made of.")
                color: Theme.textDim
                wrapMode: Text.Wrap
                lineHeight: 1.4
            }
            RateSection {
                Layout.fillWidth: true
                exporter: exportMenu
                table: Exporter.Rates
                visible: view.measured
                performance: view.performance
                colors: phaseColors
            }
            BarsSection {
                Layout.fillWidth: true
                exporter: exportMenu
                table: Exporter.Tokens
                hasTrace: true
                visible: view.measured
                performance: view.performance
                colors: phaseColors
            }
            TimelineSection {
                Layout.fillWidth: true
                exporter: exportMenu
                table: Exporter.Timeline
                hasTrace: true
                visible: view.measured
                performance: view.performance
                colors: phaseColors
            }
            PhaseSection {
                Layout.fillWidth: true
                exporter: exportMenu
                table: Exporter.Phases
                visible: view.measured
                performance: view.performance
                colors: phaseColors
            }
            RoofSection {
                Layout.fillWidth: true
                exporter: exportMenu
                table: Exporter.Roof
                visible: view.performance.roofBytesPerSecond > 0 && view.measured
                performance: view.performance
                colors: phaseColors
            }
            MemorySection {
                Layout.fillWidth: true
                exporter: exportMenu
                table: Exporter.Memory
                visible: view.performance.weightBytes > 0
                performance: view.performance
                colors: phaseColors
            }
        }
    }
}
