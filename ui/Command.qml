import QtQuick

// What a key does wherever the focus is.
Shortcut {
    required property string text
    required property string place // in which it is listed
    readonly property string keys: nativeText
}
