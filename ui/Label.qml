import QtQuick

Text {
    color: Theme.text
    font.pixelSize: Theme.small
    textFormat: Text.PlainText
    elide: Text.ElideRight
    Accessible.role: Accessible.StaticText
    Accessible.name: text
}
