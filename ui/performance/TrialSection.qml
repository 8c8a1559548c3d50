import QtQuick
import QtQuick.Layouts
import Altiplano.App
import Altiplano.Ui

// Other settings, timed beside the present ones, and kept if they are better.
PlotSection {
    id: section
    required property AppContext app
    required property bool ready
    readonly property PerformanceModel performance: app.performance
    readonly property Comparison comparison: app.comparison
    readonly property bool onGpu: performance.onGpu

    heading: qsTr("What would it change?")

    GridLayout {
        Layout.fillWidth: true
        columns: 2
        rowSpacing: Theme.unit
        columnSpacing: 16

        Label {
            visible: !section.onGpu
            text: qsTr("Threads")
        }
        Stepper {
            id: threads
            objectName: "threadsStepper"
            visible: !section.onGpu
            label: qsTr("Threads")
            from: 1
            to: 256
            value: section.performance.threads
        }
        Label {
            visible: section.onGpu
            text: qsTr("Layers on the GPU")
        }
        Stepper {
            id: layers
            visible: section.onGpu
            label: qsTr("Layers on the GPU")
            from: 0
            to: section.performance.layers
            value: section.performance.layersOnGpu
        }
        Label { text: qsTr("Context (K/V)") }
        Choice {
            id: kv
            objectName: "kvChoice"
            label: qsTr("Context (K/V)")
            options: [qsTr("16 bits"), qsTr("8 bits")]
            current: section.performance.kvQ8 ? 1 : 0
            onChosen: index => current = index
        }
        Label {
            visible: section.onGpu
            text: qsTr("Graphs")
        }
        Choice {
            id: graphs
            visible: section.onGpu
            label: qsTr("Graphs")
            options: [qsTr("on"), qsTr("off")]
            current: section.performance.graphs ? 0 : 1
            onChosen: index => current = index
        }
    }
    RowLayout {
        spacing: Theme.unit
        TextButton {
            objectName: "tryOut"
            enabled: section.ready && !section.comparison.running
            opacity: enabled ? 1 : 0.5
            text: qsTr("Measure before and after")
            onClicked: section.comparison.tryOut(threads.value, layers.value, kv.current === 1, graphs.current === 0)
        }
        TextButton {
            objectName: "keepTrial"
            visible: section.comparison.trialAfter > 0
            enabled: section.ready && !section.comparison.running
            text: qsTr("Use from now on")
            onClicked: section.comparison.useTrial()
        }
    }
    RowLayout {
        visible: section.comparison.trialAfter > 0
        Layout.fillWidth: true
        Layout.topMargin: Theme.unit
        spacing: 24
        TrialFigure {
            label: qsTr("before")
            value: Format.figure(section.comparison.trialBefore)
        }
        TrialFigure {
            label: qsTr("after")
            value: Format.figure(section.comparison.trialAfter)
        }
        TrialFigure {
            label: qsTr("tokens per second")
            value: Format.change(section.comparison.trialAfter / section.comparison.trialBefore - 1)
        }
        Item { Layout.fillWidth: true }
    }
    DataTableView {
        Layout.fillWidth: true
        visible: section.comparison.trialAfter > 0
        table: section.comparison.trial
        columns: [0, 1, 2]
        titles: [qsTr("phase"), qsTr("before"), qsTr("after")]
        formats: [null, us => Format.time(us * 1000), us => Format.time(us * 1000)]
    }
}
