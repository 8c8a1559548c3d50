#include "mend.h"

#include "markdown_lines.h"

#include <QRegularExpression>

#include <string_view>
#include <vector>

namespace altiplano::app {

namespace {

qsizetype lineStart(const QString& text, qsizetype at) {
    return at == 0 ? 0 : text.lastIndexOf(u'\n', at - 1) + 1;
}

bool isTableLine(QStringView line) {
    return withoutMarkers(line).startsWith(u'|');
}

/// Could the last line, so far, still become a mark of Markdown's?
bool mayBecomeMark(QStringView line) {
    static const QRegularExpression marks(
        QStringLiteral("^(?:[-=*_+#~|:.\\s]+|`{1,2}|`{3,}[^`]*|~{3,}.*|\\d{1,9}[.)]?|"
                       "\\[[ xX]?\\]?|\\$|\\\\)$"));
    if (isBlank(line)) return false;
    const QStringView text = withoutMarkers(line);
    return text.isEmpty() || marks.match(text.toString()).hasMatch();
}

/// Without a last line that may be a mark, and without the head of what may be a table.
void holdBack(QString& text) {
    if (const qsizetype last = lineStart(text, text.size()); mayBecomeMark(QStringView(text).mid(last)))
        text.truncate(last);
    qsizetype first = text.size(); // of the table's lines at the end
    int complete = 0;
    while (first > 0) {
        const qsizetype end = text.endsWith(u'\n') || first < text.size() ? first - 1 : first;
        const qsizetype start = lineStart(text, end);
        if (!isTableLine(QStringView(text).mid(start, end - start))) break;
        complete += end < text.size() ? 1 : 0;
        first = start;
    }
    if (first < text.size() && complete < 2) text.truncate(first);
}

bool insideFence(const QString& text) {
    std::optional<Fence> open;
    for (const QStringView line : QStringView(text).split(u'\n')) {
        const QStringView bare = withoutMarkers(line);
        if (open && closes(*open, bare))
            open.reset();
        else if (!open)
            open = openingFence(bare);
    }
    return open.has_value();
}

/// Where the paragraph, item, heading or cell begins in which the text ends.
qsizetype lastRegion(const QString& text) {
    for (qsizetype start = lineStart(text, text.size());; start = lineStart(text, start - 1)) {
        const QStringView line = QStringView(text).mid(start, text.indexOf(u'\n', start) - start);
        const QStringView bare = withoutMarkers(line);
        const bool begins = bare.size() + indentOf(line) < line.size() || bare.startsWith(u'#');
        if (isTableLine(line)) return std::max(start, text.lastIndexOf(u'|') + 1);
        if (start == 0 || begins) return start + (bare.startsWith(u'#') ? 0 : line.size() - bare.size());
        const qsizetype before = lineStart(text, start - 1);
        if (isBlank(QStringView(text).mid(before, start - 1 - before))) return start;
    }
}

bool isPunctuation(QChar c) {
    return c.isPunct() || c.isSymbol();
}

/// Closes what is open in one paragraph's text.
class Closer {
public:
    explicit Closer(QString text) : m_text(std::move(text)) {}

    QString closed() {
        for (skipPlain(); m_at < m_text.size() && !m_done; skipPlain())
            step();
        while (!m_text.isEmpty() && m_text.back().isSpace())
            m_text.chop(1);
        if (m_tail.startsWith(u'`') && m_text.endsWith(u'`')) m_text += u' ';
        for (auto open = m_open.rbegin(); open != m_open.rend(); ++open) {
            if (open->end == m_text.size())
                m_text.chop(open->length); // nothing is in it yet
            else
                m_text += m_tail + QString(open->length, open->mark);
            m_tail.clear();
        }
        return m_text + m_tail;
    }

private:
    struct Open {
        QChar mark;
        qsizetype length, end;
    };

    /// Past what is no mark: most of a text, which is read with each word that comes.
    void skipPlain() {
        constexpr std::u16string_view marks = u"`$\\[*_~";
        const QChar* text = m_text.constData();
        while (m_at < m_text.size() && marks.find(text[m_at].unicode()) == marks.npos)
            ++m_at;
    }
    void step();
    void code();
    void latex(QStringView opening, const QString& closing);
    void bracket();
    void emphasis();
    qsizetype run() const {
        qsizetype end = m_at;
        while (end < m_text.size() && m_text[end] == m_text[m_at])
            ++end;
        return end - m_at;
    }

    QString m_text;
    QString m_tail; ///< closes a code span or formula, within all that is open
    qsizetype m_at = 0;
    bool m_done = false;
    std::vector<Open> m_open;
};

void Closer::step() {
    const QStringView rest = QStringView(m_text).mid(m_at);
    const QChar c = rest[0];
    if (c == u'`') {
        code();
    } else if (rest.startsWith(u"$$")) {
        latex(u"$$", QStringLiteral("$$"));
    } else if (rest.startsWith(u"\\(")) {
        latex(u"\\(", QStringLiteral("\\)"));
    } else if (rest.startsWith(u"\\[")) {
        latex(u"\\[", QStringLiteral("\\]"));
    } else if (c == u'\\') {
        if (rest.size() == 1) m_text.chop(1);
        m_at += 2;
    } else if (c == u'[') {
        bracket();
    } else if (c == u'*' || c == u'_' || c == u'~') {
        emphasis();
    } else {
        ++m_at;
    }
}

void Closer::code() {
    const qsizetype ticks = run();
    for (qsizetype next = m_at + ticks; next < m_text.size();) {
        next = m_text.indexOf(u'`', next);
        if (next < 0) break;
        qsizetype end = next;
        while (end < m_text.size() && m_text[end] == u'`')
            ++end;
        if (end - next == ticks) {
            m_at = end;
            return;
        }
        next = end;
    }
    m_done = true;
    if (m_at + ticks == m_text.size()) {
        m_text.chop(ticks);
        return;
    }
    while (m_text.endsWith(u'`')) // the start of what closes it
        m_text.chop(1);
    m_tail = QString(ticks, u'`');
}

void Closer::latex(QStringView opening, const QString& closing) {
    const qsizetype end = m_text.indexOf(closing, m_at + opening.size());
    if (end >= 0) {
        m_at = end + closing.size();
        return;
    }
    m_done = true;
    if (m_text.endsWith(closing[0]) && m_text.size() > m_at + opening.size()) m_text.chop(1);
    if (QStringView(m_text).mid(m_at + opening.size()).trimmed().isEmpty())
        m_text.truncate(m_at);
    else
        m_tail = closing;
}

/// A link shows its words while its address comes in.
void Closer::bracket() {
    const bool picture = m_at > 0 && m_text[m_at - 1] == u'!';
    const qsizetype start = picture ? m_at - 1 : m_at;
    const bool word = start > 0 && m_text[start - 1].isLetterOrNumber();
    const qsizetype close = m_text.indexOf(u']', m_at);
    const bool pending = close < 0 || close + 1 == m_text.size();
    const bool address = close >= 0 && QStringView(m_text).mid(close + 1).startsWith(u'(');
    if (address && m_text.indexOf(u')', close) >= 0) {
        m_at = m_text.indexOf(u')', close) + 1;
    } else if ((pending && !word) || address) {
        if (close >= 0) m_text.truncate(close);
        m_text.remove(start, m_at + 1 - start);
        m_at = start;
    } else {
        ++m_at;
    }
}

void Closer::emphasis() {
    const QChar mark = m_text[m_at];
    const qsizetype length = run(), end = m_at + length;
    const QChar before = m_at > 0 ? m_text[m_at - 1] : QChar(u' ');
    if (end == m_text.size()) { // may grow yet
        m_text.chop(length);
        return;
    }
    const QChar after = m_text[end];
    const bool left =
        !after.isSpace() && (!isPunctuation(after) || before.isSpace() || isPunctuation(before));
    const bool right =
        !before.isSpace() && (!isPunctuation(before) || after.isSpace() || isPunctuation(after));
    const bool word = mark == u'_' && before.isLetterOrNumber() && after.isLetterOrNumber();
    qsizetype left_over = length;
    while (right && !word && left_over > 0 && !m_open.empty() && m_open.back().mark == mark) {
        const qsizetype closing = std::min(left_over, m_open.back().length);
        left_over -= closing;
        m_open.back().length -= closing;
        if (m_open.back().length == 0) m_open.pop_back();
    }
    if (left && !word && left_over > 0 && (mark != u'~' || left_over == 2))
        m_open.push_back({mark, left_over, end});
    m_at = end;
}

} // namespace

QString mended(const QString& markdown) {
    QString text = markdown;
    if (insideFence(text)) {
        const qsizetype last = lineStart(text, text.size());
        const QStringView bare = withoutMarkers(QStringView(text).mid(last));
        const QChar mark = bare.isEmpty() ? QChar() : bare[0];
        if ((mark == u'`' || mark == u'~') && bare.count(mark) == bare.size()) text.truncate(last);
        return text;
    }
    holdBack(text);
    if (insideFence(text)) return text;
    const qsizetype start = lastRegion(text);
    return text.left(start) + Closer(text.mid(start)).closed();
}

} // namespace altiplano::app
