import QtQuick
import QtTest
import Altiplano.Ui

Item {
    width: 600
    height: 300

    ContextGauge { id: gauge }
    Notice {
        id: notice
        y: 100
        width: 600
        heading: "A heading"
        sentence: "What happened."
        action: "Do it"
        dismissal: "Dismiss"
    }
    ProgressLine { id: progress; width: 100; label: "Reading" }
    SignalSpy { id: accepted; target: notice; signalName: "accepted" }

    TestCase {
        name: "Controls"
        when: windowShown

        function find(item, text) {
            if (item.visible && item.text === text)
                return item
            for (let i = 0; i < item.children.length; ++i) {
                const found = find(item.children[i], text)
                if (found)
                    return found
            }
            return null
        }

        function test_gauge() {
            verify(!gauge.visible) // nothing to show without a model
            gauge.total = 4096
            gauge.used = 1024
            verify(gauge.visible)
            compare(gauge.share, 0.25)
            compare(gauge.Accessible.name, "Context: 1,024 of 4,096 tokens")
        }

        function test_notice() {
            compare(notice.Accessible.name, "A heading. What happened.")
            mouseClick(find(notice, "Do it"))
            compare(accepted.count, 1)
            const button = find(notice, "Do it")
            button.forceActiveFocus()
            keyClick(Qt.Key_Return)
            compare(accepted.count, 2)
            notice.action = ""
            verify(!button.visible)
        }

        function test_progress() {
            progress.value = 0.5
            compare(progress.children[0].Accessible.name, "Reading: 50 %")
        }
    }
}
