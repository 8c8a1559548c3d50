#include "streamed_text.h"

#include "code_language.h"
#include "highlighter.h"

#include <QTextCursor>
#include <QTextDocument>

#include <algorithm>

namespace altiplano::app {

namespace {

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
}

void StreamedText::componentComplete() {
    m_complete = true;
    if (m_document) m_document->textDocument()->setUndoRedoEnabled(false);
    fill();
}

void StreamedText::setContent(const QVariant& content) {
    const auto old = std::exchange(m_block, content.value<std::shared_ptr<const Block>>());
    if (!m_complete || !m_block || !m_document) return;
    if (!old || old->kind != m_block->kind || old->language != m_block->language)
        fill();
    else
        grow(old->words);
    emit contentChanged();
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
    insert(cursor, m_block->words);
    cursor.endEditBlock();
    highlight();
}

void StreamedText::highlight() {
    const CodeLanguage* language = codeLanguage(m_block->language);
    if (m_block->kind != BlockKind::Code || !language || m_codeColors.size() < 6) return;
    const auto color = [this](int at) { return m_codeColors[at].value<QColor>(); };
    const CodeColors colors{color(0), color(1), color(2), color(3), color(4), color(5)};
    m_highlighter = new Highlighter(m_document->textDocument(), *language, colors);
    m_highlighter->rehighlight(); // now, not in the next turn of the event loop
}

/// Replaces what no longer holds at the end, most often nothing, and adds what is new.
void StreamedText::grow(const StyledText& old) {
    const qsizetype same = commonStart(old, m_block->words);
    QTextCursor cursor(m_document->textDocument());
    cursor.beginEditBlock();
    cursor.setPosition(static_cast<int>(same));
    cursor.movePosition(QTextCursor::End, QTextCursor::KeepAnchor);
    if (cursor.hasSelection()) cursor.removeSelectedText();
    insert(cursor, m_block->words, same);
    cursor.endEditBlock();
}

/// Inserts the text from there on, each span with its format.
void StreamedText::insert(QTextCursor& cursor, const StyledText& text, qsizetype from) const {
    const auto plain = [&](qsizetype to) {
        if (to > from) cursor.insertText(text.text.mid(from, to - from), QTextCharFormat());
        from = std::max(from, to);
    };
    for (const Span& span : text.spans) {
        const qsizetype end = span.start + span.length;
        if (end <= from) continue;
        plain(span.start);
        QTextCharFormat format;
        if (span.styles & Strong) format.setFontWeight(QFont::DemiBold);
        if (span.styles & (Emphasis | InlineMath)) format.setFontItalic(true);
        if (span.styles & Strike) format.setFontStrikeOut(true);
        if (span.styles & InlineCode) {
            format.setFontFamilies({m_monospace});
            format.setProperty(QTextFormat::FontPixelSize, m_codeSize);
            format.setBackground(m_codeBackground);
        }
        if (!span.link.isEmpty()) {
            format.setAnchor(true);
            format.setAnchorHref(span.link);
            format.setForeground(m_link);
            format.setFontUnderline(true);
        }
        cursor.insertText(text.text.mid(from, end - from), format);
        from = end;
    }
    plain(text.text.size());
}

} // namespace altiplano::app
