#include "streamed_text.h"

#include <QTextCursor>
#include <QTextDocument>

namespace altiplano::app {

void StreamedText::componentComplete() {
    if (!m_document || !m_blocks) return;
    QTextDocument* document = m_document->textDocument();
    document->setUndoRedoEnabled(false);
    QTextBlockFormat format;
    format.setLineHeight(m_lineHeight, QTextBlockFormat::FixedHeight);
    QTextCursor(document).mergeBlockFormat(format); // later lines inherit it
    append(m_blocks->index(m_row).data(BlockModel::TextRole).toString());
    connect(m_blocks, &BlockModel::textAppended, this, [this](int row, const QString& text) {
        if (row == m_row) append(text);
    });
}

void StreamedText::append(const QString& text) {
    if (!m_document || text.isEmpty()) return;
    QTextCursor end(m_document->textDocument());
    end.movePosition(QTextCursor::End);
    end.insertText(text);
}

} // namespace altiplano::app
