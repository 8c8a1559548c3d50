import QtQuick
import QtQuick.Layouts
import Altiplano.App
import Altiplano.Ui

// Where more models come from: a link, or one of the well-known. And those under way.
ColumnLayout {
    id: panel
    required property AppContext app
    readonly property DownloadListModel downloads: app.downloads
    property int finished: 0 // how often a file has come: what is here is looked up again

    // Handed what tells of a change, which a compiler may not leave out.
    function pathOf(link: string, finished: int): string { return downloads.pathOf(link) }

    objectName: "downloadPanel"
    spacing: 12
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("Downloads")

    Connections {
        target: panel.downloads
        function onFinished() { ++panel.finished }
        function onCountChanged() { ++panel.finished }
    }

    LinkField {
        id: field
        Layout.fillWidth: true
        downloads: panel.downloads
        flashMs: panel.app.appearance.caretFlashMs
    }
    ColumnLayout {
        Layout.fillWidth: true
        visible: panel.downloads.count > 0
        spacing: Theme.unit
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Downloads")

        Repeater {
            model: panel.downloads
            delegate: DownloadRow {
                Layout.fillWidth: true
                app: panel.app
                onOtherLinkWanted: field.enter()
                onGone: field.enter()
            }
        }
    }
    Label {
        Layout.fillWidth: true
        Layout.topMargin: Theme.unit
        text: qsTr("Well-known models")
        color: Theme.textDim
        font.weight: Font.Medium
        Accessible.role: Accessible.Heading
    }
    ColumnLayout {
        Layout.fillWidth: true
        spacing: 0
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Well-known models")

        Repeater {
            model: panel.downloads.catalogue
            delegate: CatalogueRow {
                Layout.fillWidth: true
                path: panel.pathOf(link, panel.finished)
                onDownloadWanted: panel.downloads.download(link)
                onLoadWanted: panel.app.model.open(path)
            }
        }
    }
    Label {
        Layout.fillWidth: true
        text: qsTr("Nothing is fetched before you ask for it. Files go to %1.").arg(panel.downloads.folder)
        color: Theme.textDim
        wrapMode: Text.Wrap
        lineHeight: 1.3
    }
    HostPrompt { downloads: panel.downloads }
}
