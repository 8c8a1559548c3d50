import QtQuick
import Altiplano.App

// Fills a TextEdit with a block's words, in the theme's looks.
StreamedText {
    required property TextEdit edit

    document: edit.textDocument
    width: edit.width
    lineHeight: Math.round(edit.font.pixelSize * 1.5)
    link: Theme.accent
    codeBackground: Theme.raised
    codeSize: Math.round(edit.font.pixelSize * 0.9)
    monospace: Theme.monospace
    codeColors: Theme.codeColors
}
