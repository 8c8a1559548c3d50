#include "latex.h"

#include "latex_symbols.h"

#include <QStringView>

namespace altiplano::app {

namespace {

constexpr int kDeepest = 40; ///< groups in groups; what is deeper stays as written

bool isLetter(QChar c) {
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
}

/// Reads LaTeX from front to end; every step consumes something.
class Reader {
public:
    explicit Reader(QStringView latex) : m_rest(latex) {}

    QString all() {
        QString text;
        while (!m_rest.isEmpty()) {
            text += sequence();
            if (!m_rest.isEmpty()) m_rest = m_rest.mid(1); // a brace that closes nothing
        }
        return text;
    }

private:
    QString sequence(); ///< up to a closing brace
    QString group();    ///< {...}, or the next character or command
    QString rawGroup(); ///< what {...} holds, untouched
    QString command();
    QString script(bool raised);
    QString root();
    bool next(QChar c) {
        if (!m_rest.startsWith(c)) return false;
        m_rest = m_rest.mid(1);
        return true;
    }
    void skipSpace() {
        while (!m_rest.isEmpty() && m_rest[0].isSpace())
            m_rest = m_rest.mid(1);
    }

    QStringView m_rest;
    int m_depth = 0;
};

/// Within parentheses where leaving them out would change what is meant.
QString operand(const QString& text) {
    for (const QChar c : text)
        if (c.isSpace() || QStringLiteral("+-−±/·×").contains(c)) return u'(' + text + u')';
    return text;
}

QString Reader::sequence() {
    QString text;
    while (!m_rest.isEmpty() && m_rest[0] != u'}') {
        const QChar c = m_rest[0];
        if (c == u'\\') {
            text += command();
        } else if (c == u'{') {
            text += group();
        } else if (c == u'^' || c == u'_') {
            m_rest = m_rest.mid(1);
            text += script(c == u'^');
        } else {
            m_rest = m_rest.mid(1);
            const bool space = c.isSpace() || c == u'~' || c == u'&';
            if (!space)
                text += c == u'-'    ? QChar(0x2212)
                        : c == u'*'  ? QChar(0x2217)
                        : c == u'\'' ? QChar(0x2032)
                                     : c;
            else if (!text.isEmpty() && !text.back().isSpace())
                text += u' ';
        }
    }
    return text;
}

QString Reader::group() {
    skipSpace();
    if (m_rest.isEmpty() || m_rest[0] == u'}') return {};
    if (m_rest[0] == u'\\') return command();
    if (!next(u'{')) {
        const QString one(m_rest[0]);
        m_rest = m_rest.mid(1);
        return one;
    }
    if (m_depth == kDeepest) return QStringLiteral("{");
    ++m_depth;
    const QString text = sequence();
    --m_depth;
    next(u'}');
    return text;
}

QString Reader::rawGroup() {
    skipSpace();
    if (!next(u'{')) return {};
    qsizetype end = 0;
    for (int open = 1; end < m_rest.size(); ++end) {
        open += m_rest[end] == u'{' ? 1 : m_rest[end] == u'}' ? -1 : 0;
        if (open == 0) break;
    }
    const QString text = m_rest.left(end).toString();
    m_rest = m_rest.mid(std::min(end + 1, m_rest.size()));
    return text;
}

QString Reader::script(bool raised) {
    const QString text = group();
    const QString small = raised ? superscript(text) : subscript(text);
    if (!small.isEmpty()) return small;
    const QChar mark = raised ? u'^' : u'_';
    return text.size() == 1 ? mark + text : mark + QStringLiteral("(%1)").arg(text);
}

QString Reader::root() {
    QString degree;
    if (next(u'[')) {
        const qsizetype end = m_rest.indexOf(u']');
        degree = superscript(m_rest.left(std::max<qsizetype>(0, end)).toString());
        m_rest = m_rest.mid(end + 1);
    }
    const QString under = group();
    return degree + QChar(0x221a) + (under.size() > 1 ? u'(' + under + u')' : under);
}

QString Reader::command() {
    m_rest = m_rest.mid(1);
    if (m_rest.isEmpty()) return QStringLiteral("\\");
    qsizetype length = 0;
    while (length < m_rest.size() && isLetter(m_rest[length]))
        ++length;
    const QString name = m_rest.left(std::max<qsizetype>(1, length)).toString();
    m_rest = m_rest.mid(name.size());
    if (name == QLatin1String("\\")) return QStringLiteral("\n");
    if (length == 0) return QStringLiteral(",;: !").contains(name) ? QStringLiteral(" ") : name;

    if (name == QLatin1String("begin") || name == QLatin1String("end")) {
        rawGroup();
        return {};
    }
    if (name == QLatin1String("left") || name == QLatin1String("right")) {
        next(u'.');
        return {};
    }
    if (++m_depth > kDeepest) {
        --m_depth;
        return u'\\' + name;
    }
    QString text;
    if (name.endsWith(QLatin1String("frac"))) {
        const QString above = group();
        text = operand(above) + u'/' + operand(group());
    } else if (name.endsWith(QLatin1String("binom"))) {
        const QString above = group();
        text = QStringLiteral("C(%1, %2)").arg(above, group());
    } else if (name == QLatin1String("sqrt")) {
        text = root();
    } else if (isTextCommand(name)) {
        text = rawGroup();
    } else if (isPlainCommand(name)) {
        text = group();
    } else if (name == QLatin1String("mathbb")) {
        text = doubleStruck(group());
    } else if (const QChar accent = combiningAccent(name); !accent.isNull()) {
        text = group();
        text = text.size() == 1 ? text + accent : text;
    } else {
        const QString symbol = mathSymbol(name);
        text = symbol.isNull() ? u'\\' + name : symbol;
    }
    --m_depth;
    return text;
}

/// Where the text between two blank lines ends.
qsizetype paragraphEnd(const QString& text, qsizetype from) {
    for (qsizetype at = text.indexOf(u'\n', from); at >= 0; at = text.indexOf(u'\n', at + 1)) {
        qsizetype after = at + 1;
        while (after < text.size() && (text[after] == u' ' || text[after] == u'\t' || text[after] == u'>'))
            ++after;
        if (after >= text.size() || text[after] == u'\n') return at;
    }
    return text.size();
}

qsizetype countOf(const QString& text, qsizetype at, QChar c) {
    qsizetype end = at;
    while (end < text.size() && text[end] == c)
        ++end;
    return end - at;
}

/// The end of the code span or fenced code that opens here; as far as the backticks where nothing closes it.
qsizetype codeEnd(const QString& text, qsizetype at, QChar mark) {
    const qsizetype ticks = countOf(text, at, mark);
    qsizetype lineStart = at;
    while (lineStart > 0 && QStringLiteral(" \t>").contains(text[lineStart - 1]))
        --lineStart;
    const bool fence = ticks >= 3 && (lineStart == 0 || text[lineStart - 1] == u'\n');
    const qsizetype end = fence ? text.size() : paragraphEnd(text, at);
    for (qsizetype next = at + ticks; next < end;) {
        const qsizetype found = text.indexOf(mark, next);
        if (found < 0 || found >= end) break;
        const qsizetype count = countOf(text, found, mark);
        if (fence ? count >= ticks : count == ticks) return found + count;
        next = found + count;
    }
    return fence ? end : at + ticks;
}

/// Where the dollar that closes this one is; -1: it is money.
qsizetype closingDollar(const QString& text, qsizetype at, qsizetype end) {
    if (at + 1 >= end || text[at + 1].isSpace()) return -1;
    for (qsizetype i = at + 1; i < end; ++i) {
        if (text[i] == u'\\') {
            ++i;
        } else if (text[i] == u'`') {
            return -1;
        } else if (text[i] == u'$' && !text[i - 1].isSpace() &&
                   (i + 1 >= text.size() || !text[i + 1].isDigit())) {
            return i;
        }
    }
    return -1;
}

QString asCode(QStringView latex, QChar mark) {
    qsizetype longest = 0, run = 0;
    for (const QChar c : latex) {
        run = c == u'`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    const QString ticks(longest + 1, u'`');
    return ticks + mark + latex.toString().simplified() +
           (latex.endsWith(u'`') ? QStringLiteral(" ") : QString()) + ticks;
}

} // namespace

QString readableMath(const QString& latex) {
    return Reader(latex).all().trimmed();
}

QString withMathAsCode(const QString& markdown) {
    if (!markdown.contains(u'$') && !markdown.contains(QLatin1String("\\(")) &&
        !markdown.contains(QLatin1String("\\[")) && !markdown.contains(kMathMark) &&
        !markdown.contains(kDisplayMathMark))
        return markdown;
    QString out;
    out.reserve(markdown.size() + 16);
    for (qsizetype at = 0; at < markdown.size();) {
        const QChar c = markdown[at];
        const QStringView rest = QStringView(markdown).mid(at);
        qsizetype contentStart = 0, contentEnd = -1, after = 0;
        const bool display = rest.startsWith(u"$$") || rest.startsWith(u"\\[");
        if (c == u'`' || rest.startsWith(u"~~~")) {
            const qsizetype end = codeEnd(markdown, at, c);
            out += rest.left(end - at);
            at = end;
            continue;
        }
        if (rest.startsWith(u"$$")) {
            contentStart = at + 2;
            contentEnd = markdown.indexOf(QLatin1String("$$"), contentStart);
            after = contentEnd + 2;
        } else if (c == u'$') {
            contentStart = at + 1;
            contentEnd = closingDollar(markdown, at, paragraphEnd(markdown, at));
            after = contentEnd + 1;
        } else if (rest.startsWith(u"\\(") || rest.startsWith(u"\\[")) {
            contentStart = at + 2;
            contentEnd =
                markdown.indexOf(rest[1] == u'(' ? QLatin1String("\\)") : QLatin1String("\\]"), contentStart);
            after = contentEnd + 2;
        }
        if (contentEnd > contentStart && contentEnd <= paragraphEnd(markdown, at)) {
            out += asCode(QStringView(markdown).mid(contentStart, contentEnd - contentStart),
                          display ? kDisplayMathMark : kMathMark);
            at = after;
            continue;
        }
        const qsizetype plain =
            c == u'\\' || rest.startsWith(u"$$") ? std::min<qsizetype>(2, rest.size()) : 1;
        out += c == kMathMark || c == kDisplayMathMark ? QString(QChar::ReplacementCharacter)
                                                       : rest.left(plain).toString();
        at += plain;
    }
    return out;
}

} // namespace altiplano::app
