import QtQuick

// Blinks while something is awaited; steady where the system asks for reduced motion.
Rectangle {
    id: caret
    width: 2
    height: Theme.body * 1.2
    radius: 1
    color: Theme.accent
    Accessible.ignored: true

    Timer {
        interval: 530
        repeat: true
        running: caret.visible && !Theme.reducedMotion
        onTriggered: caret.opacity = 1 - caret.opacity
        onRunningChanged: caret.opacity = 1
    }
}
