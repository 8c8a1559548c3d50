#include "markdown_lines.h"

#include <QString>

namespace altiplano::app {

namespace {

constexpr int kCodeIndent = 4; ///< columns from which a line is no block start

qsizetype runLength(QStringView text, qsizetype from, QChar c) {
    qsizetype end = from;
    while (end < text.size() && text[end] == c)
        ++end;
    return end - from;
}

QStringView afterIndent(QStringView line) {
    qsizetype at = 0;
    while (at < line.size() && (line[at] == u' ' || line[at] == u'\t'))
        ++at;
    return line.mid(at);
}

bool isSpace(QChar c) { // to CommonMark; a no-break space is text
    return c == u' ' || c == u'\t';
}

bool isAsciiDigit(QChar c) {
    return c >= u'0' && c <= u'9';
}

/// How long the marker at the start of `text` is; 0: there is none.
qsizetype markerLength(QStringView text) {
    if (text.isEmpty()) return 0;
    qsizetype length = 1;
    if (!QStringLiteral("-+*").contains(text[0])) {
        qsizetype digits = 0;
        while (digits < text.size() && digits < 10 && isAsciiDigit(text[digits]))
            ++digits;
        if (digits == 0 || digits > 9 || digits >= text.size()) return 0;
        if (text[digits] != u'.' && text[digits] != u')') return 0;
        length = digits + 1;
    }
    return length == text.size() || isSpace(text[length]) ? length : 0;
}

} // namespace

int indentOf(QStringView line) {
    int columns = 0;
    for (const QChar c : line) {
        if (c == u' ')
            ++columns;
        else if (c == u'\t')
            columns += 4 - columns % 4;
        else
            break;
    }
    return columns;
}

bool isBlank(QStringView line) {
    return afterIndent(line).isEmpty();
}

bool isRule(QStringView line) {
    if (indentOf(line) >= kCodeIndent) return false;
    const QStringView text = afterIndent(line);
    if (text.isEmpty() || !QStringLiteral("-_*").contains(text[0])) return false;
    int marks = 0;
    for (const QChar c : text) {
        if (c == text[0])
            ++marks;
        else if (!isSpace(c))
            return false;
    }
    return marks >= 3;
}

std::optional<Fence> openingFence(QStringView line) {
    const int indent = indentOf(line);
    const QStringView text = afterIndent(line);
    if (indent >= kCodeIndent || text.isEmpty() || (text[0] != u'`' && text[0] != u'~')) return {};
    const qsizetype length = runLength(text, 0, text[0]);
    const QStringView info = text.mid(length).trimmed();
    if (length < 3 || (text[0] == u'`' && info.contains(u'`'))) return {};
    qsizetype word = 0;
    while (word < info.size() && !isSpace(info[word]))
        ++word;
    return Fence{text[0], length, indent, info.left(word).toString()};
}

bool closes(const Fence& fence, QStringView line) {
    const QStringView text = afterIndent(line);
    const qsizetype length = runLength(text, 0, fence.mark);
    return indentOf(line) < kCodeIndent && length >= fence.length && isBlank(text.mid(length));
}

std::optional<ListMarker> listMarker(QStringView line) {
    const int indent = indentOf(line);
    const QStringView text = afterIndent(line);
    const qsizetype length = markerLength(text);
    if (indent >= kCodeIndent || length == 0 || isRule(line)) return {};
    const QStringView rest = text.mid(length);
    const bool empty = isBlank(rest);
    int gap = empty ? 1 : indentOf(rest);
    if (gap > kCodeIndent) gap = 1;
    const bool bullet = !isAsciiDigit(text[0]);
    const bool first = text.left(length - 1) == QLatin1String("1");
    return ListMarker{indent + static_cast<int>(length) + gap, empty, !empty && (bullet || first)};
}

QStringView withoutMarkers(QStringView line) {
    for (;;) {
        line = afterIndent(line);
        if (line.startsWith(u'>')) {
            line = line.mid(1);
            continue;
        }
        const qsizetype length = isRule(line) ? 0 : markerLength(line);
        if (length == 0) return line;
        line = line.mid(length);
    }
}

bool isDefinition(QStringView line) {
    const QStringView text = afterIndent(line);
    const qsizetype end = text.indexOf(QLatin1String("]:"));
    return indentOf(line) < kCodeIndent && text.startsWith(u'[') && end > 1 && !isBlank(text.mid(end + 2));
}

} // namespace altiplano::app
