#include "streamed_text.h"

#include "code_language.h"
#include "highlighter.h"

#include <QAbstractTextDocumentLayout>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextLayout>
#include <QTextTable>

#include <algorithm>

namespace altiplano::app {

namespace {

constexpr int kLongParagraph = 320; ///< characters, a few lines: laid out and drawn in a fraction of a frame

/// How far two texts read and look the same.
qsizetype commonStart(const StyledText& a, const StyledText& b) {
    const qsizetype shorter = std::min(a.text.size(), b.text.size());
    auto same = static_cast<qsizetype>(
        std::mismatch(a.text.begin(), a.text.begin() + shorter, b.text.begin()).first - a.text.begin());
    const std::size_t spans = std::max(a.spans.size(), b.spans.size());
    for (std::size_t i = 0; i < spans; ++i) {
        const Span none;
        const Span& one = i < a.spans.size() ? a.spans[i] : none;
        const Span& other = i < b.spans.size() ? b.spans[i] : none;
        if (one == other) continue;
        const bool longer = one.start == other.start && one.styles == other.styles &&
                            one.link == other.link && one.length > 0 && other.length > 0;
        if (longer) return std::min<qsizetype>(same, one.start + std::min(one.length, other.length));
        if (one.length > 0) same = std::min<qsizetype>(same, one.start);
        if (other.length > 0) same = std::min<qsizetype>(same, other.start);
        break;
    }
    return same;
}

} // namespace

StreamedText::StreamedText(QObject* parent) : QObject(parent) {
    connect(this, &StreamedText::looksChanged, this, &StreamedText::fill);
    connect(this, &StreamedText::columnsChanged, this, &StreamedText::layOutColumns);
}

void StreamedText::componentComplete() {
    m_complete = true;
    if (m_document) m_document->textDocument()->setUndoRedoEnabled(false);
    fill();
}

void StreamedText::setContent(const QVariant& content) {
    const auto old = std::exchange(m_block, content.value<std::shared_ptr<const Block>>());
    if (!m_complete || !m_block || !m_document) return;
    const QTextTable* row = table();
    if (!old || old->kind != m_block->kind || old->language != m_block->language ||
        old->table.columns != m_block->table.columns) {
        fill();
    } else if (row) {
        for (int i = row->columns(); i-- > 0;) // from the last: none before it moves
            grow(old->table.rows[0][static_cast<std::size_t>(i)],
                 m_block->table.rows[0][static_cast<std::size_t>(i)], row->cellAt(0, i).firstPosition(),
                 row->cellAt(0, i).lastPosition());
    } else {
        const int end = m_document->textDocument()->characterCount() - 1;
        grow(old->words, m_block->words, 0, end);
        settleLines();
    }
    emit contentChanged();
}

/// Lines that were cut at another width are put together again.
void StreamedText::setWidth(double width) {
    if (width == m_width) return;
    m_width = width;
    if (m_cut) fill();
    emit widthChanged();
}

QStringList StreamedText::links() const {
    QStringList links;
    const auto add = [&](const StyledText& text) {
        for (const Span& span : text.spans)
            if (!span.link.isEmpty() && !links.contains(span.link)) links << span.link;
    };
    if (m_block) add(m_block->words);
    if (m_block && !m_block->table.rows.empty())
        std::for_each(m_block->table.rows[0].begin(), m_block->table.rows[0].end(), add);
    return links;
}

QTextBlockFormat StreamedText::blockFormat() const {
    QTextBlockFormat format;
    format.setLineHeight(m_lineHeight, QTextBlockFormat::FixedHeight);
    return format;
}

void StreamedText::fill() {
    if (!m_complete || !m_document || !m_block) return;
    QTextCursor cursor(m_document->textDocument());
    delete m_highlighter;
    cursor.beginEditBlock();
    cursor.select(QTextCursor::Document);
    cursor.removeSelectedText();
    cursor.setBlockFormat(blockFormat()); // later lines inherit it
    if (m_block->kind == BlockKind::Table)
        fillRow(cursor);
    else
        insert(cursor, m_block->words);
    cursor.endEditBlock();
    m_cut = false;
    highlight();
}

void StreamedText::highlight() {
    const CodeLanguage* language = codeLanguage(m_block->language);
    if (m_block->kind != BlockKind::Code || !language || m_codeColors.size() < 6) return;
    const auto color = [this](int at) { return m_codeColors[at].value<QColor>(); };
    const CodeColors colors{color(0), color(1), color(2), color(3), color(4), color(5)};
    m_highlighter = new Highlighter(m_document->textDocument(), *language, colors, m_codeState);
    m_highlighter->rehighlight(); // now, not in the next turn of the event loop
}

void StreamedText::fillRow(QTextCursor& cursor) {
    const auto& cells = m_block->table.rows[0];
    QTextTable* row = cursor.insertTable(1, static_cast<int>(cells.size()), tableFormat());
    for (int i = 0; i < row->columns(); ++i) {
        const auto at = static_cast<std::size_t>(i);
        QTextCursor in = row->cellAt(0, i).firstCursorPosition();
        QTextBlockFormat format = blockFormat();
        if (m_block->table.columns[at] != Qt::AlignLeft)
            format.setAlignment(m_block->table.columns[at]); // else as its words run
        in.setBlockFormat(format);
        insert(in, cells[at]);
    }
}

/// Null: it is no table's row.
QTextTable* StreamedText::table() const {
    const auto frames = m_document->textDocument()->rootFrame()->childFrames();
    return frames.isEmpty() ? nullptr : qobject_cast<QTextTable*>(frames.first());
}

QTextTableFormat StreamedText::tableFormat() const {
    QTextTableFormat format;
    format.setBorder(0);
    format.setCellSpacing(0);
    format.setCellPadding(m_cellPadding);
    QList<QTextLength> widths;
    for (const double width : m_columnWidths)
        widths << QTextLength(QTextLength::FixedLength, width);
    format.setColumnWidthConstraints(widths);
    return format;
}

void StreamedText::layOutColumns() {
    if (QTextTable* row = m_document ? table() : nullptr) row->setFormat(tableFormat());
}

/// Replaces what no longer holds at the end, most often nothing, and adds what is new. The text is from
/// `start` to `end` of the document.
void StreamedText::grow(const StyledText& old, const StyledText& now, int start, int end) {
    const qsizetype same = commonStart(old, now);
    if (same == now.text.size() && start + same == end) return;
    QTextCursor cursor(m_document->textDocument());
    cursor.beginEditBlock();
    cursor.setPosition(start + static_cast<int>(same));
    cursor.setPosition(end, QTextCursor::KeepAnchor);
    if (cursor.hasSelection()) cursor.removeSelectedText();
    insert(cursor, now, same);
    cursor.endEditBlock();
}

/// A paragraph is laid out as a whole with every word that it gets. Where it gets long, all but its last
/// lines become one of their own: the space at the end of a line becomes the paragraph's end.
void StreamedText::settleLines() {
    QTextDocument& document = *m_document->textDocument();
    const QTextBlock last = document.lastBlock();
    if (m_block->kind == BlockKind::Code || m_width <= 0 || last.length() < kLongParagraph) return;
    document.documentLayout()->blockBoundingRect(last); // lays it out
    const QTextLayout& layout = *last.layout();
    if (layout.lineCount() < 3) return;
    const int end = last.position() + layout.lineAt(layout.lineCount() - 2).textStart() - 1;
    if (document.characterAt(end) != u' ') return;
    QTextCursor cursor(&document);
    cursor.setPosition(end);
    cursor.beginEditBlock();
    cursor.deleteChar();
    cursor.insertBlock(blockFormat());
    cursor.endEditBlock();
    m_cut = true;
}

/// Inserts the text from there on, each span with its format.
void StreamedText::insert(QTextCursor& cursor, const StyledText& text, qsizetype from) const {
    const TextLooks looks{m_link, m_codeBackground, m_codeSize, m_monospace};
    const auto plain = [&](qsizetype to) {
        if (to > from) cursor.insertText(text.text.mid(from, to - from), QTextCharFormat());
        from = std::max(from, to);
    };
    for (const Span& span : text.spans) {
        const qsizetype end = span.start + span.length;
        if (end <= from) continue;
        plain(span.start);
        cursor.insertText(text.text.mid(from, end - from), looks.of(span));
        from = end;
    }
    plain(text.text.size());
}

} // namespace altiplano::app
