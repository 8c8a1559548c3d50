pragma Singleton
import QtQuick

// Colours, sizes and times by name. Main sets what the system wants.
QtObject {
    property bool dark: false
    property bool reducedMotion: false
    property real fontScale: 1
    property bool mirrored: false // laid out from right to left
    property string monospace: "monospace"

    readonly property color base: dark ? "#17191b" : "#fdfdfc"
    readonly property color raised: dark ? "#22262a" : "#f3f3f0"
    readonly property color line: dark ? "#353a3f" : "#e2e2dd"
    readonly property color text: dark ? "#e7e9ea" : "#1c1e20"
    readonly property color textDim: dark ? "#a0a6ac" : "#5f646a"
    readonly property color accent: dark ? "#5cc2b3" : "#0f6f66"
    readonly property color accentText: dark ? "#0d211e" : "#ffffff"
    readonly property color warn: dark ? "#e6bb6e" : "#7d5a00"
    readonly property color error: dark ? "#f29c93" : "#b3261e"
    readonly property color cpu: dark ? "#e69f00" : "#d55e00"
    readonly property color gpu: dark ? "#56b4e9" : "#0072b2"

    // Of code, on `raised`: keywords, values, strings, comments, numbers, names.
    readonly property var codeColors: dark ? ["#d6a3e0", "#7fcfd6", "#9fcf8f", "#a0a6ac", "#e5b37a", "#8fc1f0"]
                                           : ["#8a2f8f", "#0b6470", "#2a6a2f", "#5f646a", "#93470a", "#1d5a9e"]

    readonly property int unit: 8
    readonly property int radius: 8
    readonly property int column: Math.round(720 * fontScale)
    readonly property int control: Math.round(32 * fontScale)

    readonly property int title: Math.round(20 * fontScale)
    readonly property int body: Math.round(15 * fontScale)
    readonly property int small: Math.round(13 * fontScale)
    readonly property real code: 13.5 * fontScale

    readonly property int fade: reducedMotion ? 0 : 120
}
