import QtQuick

// One of resources/icons, in a colour of the theme.
Image {
    required property string name
    property color color: Theme.text
    property int size: 20

    width: size
    height: size
    sourceSize: Qt.size(size, size)
    source: "image://icon/" + name + "/" + color.toString().slice(1)
}
