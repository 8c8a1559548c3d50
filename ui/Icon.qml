import QtQuick

// One of resources/icons, in a colour of the theme.
Image {
    required property string name
    property color color: Theme.text
    property int size: 20

    readonly property int pixels: Math.round(size * Theme.fontScale)
    readonly property bool directed: ["chevron-left", "chevron-right", "sidebar"].includes(name)

    width: pixels
    height: pixels
    sourceSize: Qt.size(pixels, pixels)
    mirror: Theme.mirrored && directed
    source: "image://icon/" + name + "/" + color.toString().slice(1)
}
