import QtQuick
import Altiplano.App

// A paragraph of text that can be selected and may still grow.
TextEdit {
    id: edit
    required property BlockModel blocks
    required property int row

    readOnly: true
    selectByMouse: true
    wrapMode: TextEdit.Wrap
    textFormat: TextEdit.PlainText
    color: Theme.text
    selectionColor: Theme.accent
    selectedTextColor: Theme.accentText
    font.pixelSize: Theme.body
    activeFocusOnTab: false
    Accessible.role: Accessible.Paragraph
    Accessible.name: text

    StreamedText {
        document: edit.textDocument
        blocks: edit.blocks
        row: edit.row
        lineHeight: Math.round(Theme.body * 1.5)
    }
}
