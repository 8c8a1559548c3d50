import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Altiplano.App
import Altiplano.Ui

// Measurements of this model on this machine, those kept, and those of other machines.
Flickable {
    id: page
    required property AppContext app
    readonly property Comparison comparison: app.comparison
    readonly property bool wide: width > 700 * Theme.fontScale
    readonly property bool ready: app.model.state === ModelController.Ready && !app.chat.busy
    property ExportMenu exporter: null
    signal chooseFile()

    contentHeight: content.implicitHeight + 3 * 16
    boundsBehavior: Flickable.StopAtBounds
    clip: true
    T.ScrollBar.vertical: ThinScrollBar {}

    ColumnLayout {
        id: content
        x: page.wide ? Math.max(32, (page.width - width) / 2) : 16
        y: page.wide ? 24 : 8
        width: page.wide ? Math.min(page.width - 64, 1120) : page.width - 2 * 16
        spacing: 24

        ComparisonRun {
            Layout.fillWidth: true
            comparison: page.comparison
            ready: page.ready
        }
        ResultView {
            Layout.fillWidth: true
            visible: page.comparison.hasResult
            comparison: page.comparison
            exporter: page.exporter
            wide: page.wide
        }
        TrialSection {
            Layout.fillWidth: true
            app: page.app
            ready: page.ready
        }
        KeptResults {
            Layout.fillWidth: true
            comparison: page.comparison
            onChooseFile: page.chooseFile()
        }
    }
}
