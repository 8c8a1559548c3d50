import QtQuick

// A small button below a message.
IconButton {
    iconSize: 16
    implicitWidth: Theme.control - 4
    implicitHeight: Theme.control - 4
}
