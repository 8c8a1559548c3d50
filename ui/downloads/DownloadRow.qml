import QtQuick
import QtQuick.Layouts
import Altiplano.App
import Altiplano.Ui

// A download: how far it is, what stands in its way, and the buttons for both.
Rectangle {
    id: row
    required property int downloadId
    required property int downloadState
    required property string name
    required property string path
    required property string host
    required property real received
    required property real size
    required property real rate
    required property real secondsLeft
    required property real retrySeconds
    required property int file
    required property int files
    required property bool verified
    required property int wayOn
    required property string sentence
    required property AppContext app

    readonly property DownloadListModel downloads: app.downloads
    readonly property bool done: downloadState === DownloadState.Done
    readonly property bool failed: downloadState === DownloadState.Failed
    readonly property bool atRest: done || failed || downloadState === DownloadState.Paused
    readonly property real share: size > 0 ? received / size : 0
    property bool asksToDelete: false
    signal otherLinkWanted()
    signal gone()

    readonly property string amount: size < 0 ? Format.bytes(received)
                                   : qsTr("%1 of %2").arg(Format.bytes(received)).arg(Format.bytes(size))
    readonly property string situation: {
        switch (downloadState) {
        case DownloadState.Waiting:
            return retrySeconds >= 0 ? qsTr("The connection broke off. Trying again in %1").arg(Format.seconds(retrySeconds))
                                     : qsTr("Waits for its turn")
        case DownloadState.Running:
            return [amount, rate > 0 ? qsTr("%1/s").arg(Format.bytes(rate)) : "",
                    secondsLeft >= 0 ? Format.timeLeft(secondsLeft) : "", qsTr("from %1").arg(host),
                    files > 1 ? qsTr("part %1 of %2").arg(file).arg(files) : ""].filter(Boolean).join(" · ")
        case DownloadState.Paused: return received > 0 ? qsTr("Paused at %1").arg(amount) : qsTr("Paused")
        case DownloadState.Checking: return qsTr("Checking that it arrived undamaged")
        case DownloadState.Done:
            return [Format.bytes(received), verified ? qsTr("checksum is right") : qsTr("the server told no checksum")].join(" · ")
        }
        return sentence
    }
    readonly property string wayOnText: {
        switch (wayOn) {
        case WayOn.TryAgain: return received > 0 ? qsTr("Go on") : qsTr("Try again")
        case WayOn.StartOver: return qsTr("Start over")
        case WayOn.OpenPage: return qsTr("Open its page")
        case WayOn.OtherLink: return qsTr("Paste another link")
        case WayOn.KeepBoth: return qsTr("Keep both")
        }
        return ""
    }

    function goOn() {
        switch (wayOn) {
        case WayOn.TryAgain: return downloads.resume(downloadId)
        case WayOn.StartOver: return downloads.startOver(downloadId)
        case WayOn.OpenPage: return app.openLink(downloads.page(downloadId))
        case WayOn.OtherLink: return otherLinkWanted()
        case WayOn.KeepBoth: return downloads.keepBoth(downloadId)
        }
    }
    function act() {
        if (asksToDelete) asksToDelete = false
        else if (done) app.model.open(path)
        else if (failed) goOn()
        else if (atRest) downloads.resume(downloadId)
        else downloads.pause(downloadId)
    }
    // What has come in hours is not thrown away by one click.
    function remove() {
        if (done || received === 0 || asksToDelete) {
            row.gone()
            downloads.remove(downloadId)
        } else {
            asksToDelete = true
        }
    }

    implicitHeight: content.implicitHeight + 24
    radius: Theme.radius
    color: Theme.raised
    Accessible.role: Accessible.ListItem
    Accessible.name: [name, situation].join(". ")

    RowLayout {
        id: content
        anchors { left: parent.left; right: parent.right; verticalCenter: parent.verticalCenter; margins: 12 }
        spacing: 12

        Icon {
            Layout.alignment: Qt.AlignTop
            visible: row.failed || row.done
            name: row.failed ? "warning" : "check"
            color: row.failed ? Theme.error : Theme.accent
        }
        ColumnLayout {
            Layout.fillWidth: true
            spacing: 4
            Label {
                Layout.fillWidth: true
                text: row.name
                font.weight: Font.Medium
                elide: Text.ElideMiddle
            }
            ProgressLine {
                Layout.fillWidth: true
                visible: !row.done && row.size > 0 && (!row.failed || row.received > 0)
                label: row.name
                value: row.share
            }
            Label {
                Layout.fillWidth: true
                text: row.asksToDelete ? qsTr("%1 have come already. Delete them?").arg(Format.bytes(row.received)) : row.situation
                color: row.asksToDelete ? Theme.text : Theme.textDim
                wrapMode: Text.Wrap
                lineHeight: 1.3
            }
        }
        TextButton {
            visible: text !== ""
            text: row.asksToDelete ? qsTr("Keep them")
                : row.done ? qsTr("Load")
                : row.failed ? row.wayOnText
                : row.atRest ? qsTr("Resume") : qsTr("Pause")
            Accessible.description: row.name
            onClicked: row.act()
        }
        TextButton {
            visible: row.asksToDelete
            text: qsTr("Delete")
            Accessible.description: row.name
            onClicked: row.remove()
        }
        IconButton {
            visible: !row.asksToDelete
            iconName: "close"
            text: row.done ? qsTr("Take %1 off this list").arg(row.name) : qsTr("Cancel %1").arg(row.name)
            hint: row.done ? qsTr("Take it off this list") : qsTr("Cancel")
            onClicked: row.remove()
        }
    }
}
