import QtQuick
import QtTest
import Altiplano.Ui

// Contrast after WCAG 2.1: 4.5 for text, 3 for what is drawn.
TestCase {
    name: "Theme"

    function luminance(color: color): real {
        const linear = c => c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4)
        const { r, g, b } = Qt.lighter(color, 1) // of a name, too
        return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
    }
    function contrast(a: color, b: color): real {
        const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y)
        return (light + 0.05) / (dark + 0.05)
    }
    function cleanup() { Theme.dark = false }

    // What W3C's own examples say of greys on white.
    function test_ratio() {
        fuzzyCompare(contrast("#000000", "#ffffff"), 21, 0.001)
        fuzzyCompare(contrast("#767676", "#ffffff"), 4.54, 0.01)
        fuzzyCompare(contrast("#777777", "#ffffff"), 4.48, 0.01)
    }

    function test_contrast_data() {
        const rows = []
        const pair = (front, back, atLeast) => rows.push({ tag: front + " on " + back, front, back, atLeast })
        for (const back of ["base", "raised", "line"]) { // line: the chat that is open, options that are chosen
            pair("text", back, 4.5)
            pair("textDim", back, 4.5)
        }
        for (const front of ["accent", "warn", "error"])
            for (const back of ["base", "raised"])
                pair(front, back, 4.5)
        pair("accentText", "accent", 4.5)
        pair("base", "text", 4.5) // tips
        for (const front of ["cpu", "gpu"])
            pair(front, "base", 3)
        return rows
    }
    function test_contrast(row) {
        for (const dark of [false, true]) {
            Theme.dark = dark
            const ratio = contrast(Theme[row.front], Theme[row.back])
            verify(ratio >= row.atLeast, `${row.tag}, ${dark ? "dark" : "light"}: ${ratio.toFixed(2)}`)
        }
    }
    function test_code() {
        for (const dark of [false, true]) {
            Theme.dark = dark
            for (const color of Theme.codeColors)
                verify(contrast(color, Theme.raised) >= 4.5, `${color}, ${dark ? "dark" : "light"}`)
        }
    }
}
