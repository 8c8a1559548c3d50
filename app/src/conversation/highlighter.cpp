#include "highlighter.h"

#include "code_language.h"

#include <QTextBlock>
#include <QTextDocument>

namespace altiplano::app {

namespace {

/// A line's state: what goes on into the next. 0: nothing; 1 + i: text between the marks of kind i. kInTag is
/// added within a tag.
constexpr int kInTag = 1000;

bool isWord(QChar c) {
    return c.isLetterOrNumber() || c == u'_';
}

} // namespace

void Highlighter::highlightBlock(const QString& text) {
    const int before = currentBlock().blockNumber() == 0 ? m_before : std::max(0, previousBlockState());
    m_inTag = before >= kInTag;
    setCurrentBlockState(m_inTag ? kInTag : 0);
    qsizetype at = 0;
    if (before % kInTag > 0) at = quoted(text, 0, static_cast<std::size_t>(before % kInTag - 1), 0);
    while (at < text.size()) {
        const QStringView rest = QStringView(text).mid(at);
        for (const QString& mark : m_language.lineComments)
            if (rest.startsWith(mark)) return color(at, text.size(), m_colors.comment);
        std::size_t kind = 0;
        while (kind < m_language.quoted.size() && !rest.startsWith(m_language.quoted[kind].open))
            ++kind;
        const bool string = kind < m_language.quoted.size() &&
                            (!m_language.markup || m_inTag || m_language.quoted[kind].comment);
        const QChar c = text[at];
        if (string) {
            at = quoted(text, at, kind, at + m_language.quoted[kind].open.size());
        } else if (m_language.markup && (c == u'<' || c == u'>')) {
            m_inTag = c == u'<';
            setCurrentBlockState(m_inTag ? kInTag : 0);
            ++at;
        } else if (c.isDigit() && !m_language.markup) {
            at = number(text, at);
        } else if (isWord(c) || m_language.sigils.contains(c)) {
            at = word(text, at);
        } else {
            ++at;
        }
    }
}

/// Colours from `at` to the closing mark, which is looked for from `from` on; what follows it.
qsizetype Highlighter::quoted(const QString& text, qsizetype at, std::size_t kind, qsizetype from) {
    const CodeLanguage::Quoted& marks = m_language.quoted[kind];
    const QColor& look = marks.comment ? m_colors.comment : m_colors.string;
    for (qsizetype end = from; end < text.size(); ++end) {
        if (marks.escapes && text[end] == u'\\') {
            ++end;
        } else if (QStringView(text).mid(end).startsWith(marks.close)) {
            end += marks.close.size();
            color(at, end, isKey(text, end) ? m_colors.name : look);
            return end;
        }
    }
    color(at, text.size(), look);
    if (marks.spansLines) setCurrentBlockState((m_inTag ? kInTag : 0) + 1 + static_cast<int>(kind));
    return text.size();
}

qsizetype Highlighter::word(const QString& text, qsizetype at) {
    qsizetype end = at + 1;
    while (end < text.size() &&
           (isWord(text[end]) || ((m_language.markup || m_language.keys) && text[end] == u'-')))
        ++end;
    const QString found = text.mid(at, end - at);
    const QString word = m_language.ignoresCase ? found.toLower() : found;
    const bool sigil = m_language.sigils.contains(text[at]) && end > at + 1;
    if (m_language.markup) {
        const bool tag = at > 0 && (text[at - 1] == u'<' || text[at - 1] == u'/');
        if (m_inTag) color(at, end, tag ? m_colors.keyword : m_colors.name);
    } else if (m_language.keywords.contains(word)) {
        color(at, end, m_colors.keyword);
    } else if (m_language.values.contains(word)) {
        color(at, end, m_colors.value);
    } else if (sigil || isKey(text, end) || (end < text.size() && text[end] == u'(')) {
        color(at, end, m_colors.name);
    }
    return end;
}

qsizetype Highlighter::number(const QString& text, qsizetype at) {
    qsizetype end = at;
    while (end < text.size() && (isWord(text[end]) || text[end] == u'.' || text[end] == u'\''))
        ++end;
    color(at, end, m_colors.number);
    return end;
}

/// Is what ends there before a colon?
bool Highlighter::isKey(const QString& text, qsizetype end) const {
    if (!m_language.keys) return false;
    while (end < text.size() && text[end] == u' ')
        ++end;
    return end < text.size() && (text[end] == u':' || text[end] == u'=');
}

int stateAfter(const QString& code, const CodeLanguage& language, int before) {
    QTextDocument document;
    document.setPlainText(code);
    Highlighter highlighter(&document, language, {}, before);
    highlighter.rehighlight();
    return std::max(0, document.lastBlock().userState());
}

} // namespace altiplano::app
