import QtQuick

// The caret of a text field. It stops blinking ten seconds after the last change, so that a window that
// nobody touches draws nothing.
Rectangle {
    id: caret
    required property Item field
    required property int flashMs
    property int blinks: 0

    width: 1.5
    color: Theme.text
    visible: field.activeFocus

    function restart() {
        blinks = 0
        opacity = 1
        timer.restart()
    }

    Timer {
        id: timer
        interval: caret.flashMs / 2
        repeat: true
        running: caret.visible && caret.flashMs > 0 && !Theme.reducedMotion
        onTriggered: {
            caret.opacity = 1 - caret.opacity
            caret.blinks += 1
            if (caret.blinks * interval > 10000 && caret.opacity === 1)
                stop()
        }
    }
    Connections {
        target: caret.field
        function onCursorPositionChanged() { caret.restart() }
        function onTextChanged() { caret.restart() }
        function onActiveFocusChanged() { caret.restart() }
    }
}
