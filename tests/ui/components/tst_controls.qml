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
            compare(progress.Accessible.name, "Reading: 50 %")
        }

        function luminance(c) {
            const channel = v => v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4)
            return 0.2126 * channel(c.r) + 0.7152 * channel(c.g) + 0.0722 * channel(c.b)
        }

        // WCAG 2.1, contrast ratio
        function contrast(a, b) {
            const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x)
            return (high + 0.05) / (low + 0.05)
        }

        function test_contrast_data() {
            return [{ tag: "light", dark: false }, { tag: "dark", dark: true }]
        }

        function test_contrast(data) {
            Theme.dark = data.dark
            for (const ground of ["base", "raised"])
                for (const ink of ["text", "textDim", "accent", "warn", "error"])
                    verify(contrast(Theme[ink], Theme[ground]) >= 4.5, ink + " on " + ground + ": "
                           + contrast(Theme[ink], Theme[ground]))
            verify(contrast(Theme.accentText, Theme.accent) >= 4.5)
        }
    }
}
