#include "markdown_stream.h"

#include "mend.h"

#include <QStringList>

namespace altiplano::app {

namespace {

constexpr int kCodeIndent = 4;

/// A formula that goes on in the next line.
bool opensMath(QStringView line) {
    const QStringView text = line.trimmed();
    return (text.startsWith(u"$$") && text.indexOf(u"$$", 2) < 0) ||
           (text.startsWith(u"\\[") && text.indexOf(u"\\]") < 0);
}

bool closesMath(QStringView line) {
    return line.contains(u"$$") || line.contains(u"\\]");
}

/// The line as it stands in a fence that is indented.
QString unindented(QStringView line, int columns) {
    const int indent = indentOf(line);
    qsizetype text = 0;
    while (text < line.size() && (line[text] == u' ' || line[text] == u'\t'))
        ++text;
    return QString(std::max(0, indent - columns), u' ').append(line.mid(text));
}

/// Could the line, so far, still become the end of a fence?
bool mayClose(QStringView line) {
    const QStringView text = line.trimmed();
    return text.isEmpty() || text.count(text[0]) == text.size();
}

} // namespace

MarkdownStream::Update MarkdownStream::append(const QString& text) {
    m_source += QString(text).remove(u'\r');
    Update update;
    for (qsizetype end = 0; (end = m_source.indexOf(u'\n', m_line)) >= 0; m_line = end + 1)
        examine(QStringView(m_source).mid(m_line, end - m_line), m_line, update);
    if (m_fence)
        update.open.push_back(
            fencedCode(mayClose(QStringView(m_source).mid(m_line)) ? m_line : m_source.size()));
    else if (m_start < m_source.size())
        update.open = parseMarkdown(mended(m_source.mid(m_start)), m_context).blocks;
    return update;
}

MarkdownStream::Update MarkdownStream::finish() {
    Update update;
    if (m_line < m_source.size()) {
        examine(QStringView(m_source).mid(m_line), m_line, update);
        m_line = m_source.size();
    }
    settle(m_source.size(), update);
    if (m_definitions.isEmpty() || !m_context.definitions.isEmpty()) return update;
    MarkdownStream again;
    again.m_context.definitions = m_definitions;
    update = again.append(m_source);
    Update rest = again.finish();
    std::move(rest.settled.begin(), rest.settled.end(), std::back_inserter(update.settled));
    update.open.clear();
    update.restarts = true;
    return update;
}

/// Decides for each whole line whether a new piece begins with it.
void MarkdownStream::examine(QStringView line, qsizetype start, Update& update) {
    if (m_fence) {
        if (!closes(*m_fence, line)) return;
        update.settled.push_back(fencedCode(start));
        m_start = std::min(start + line.size() + 1, m_source.size());
        m_fence.reset();
        m_fresh = true;
        m_context.continuedNumber = 0;
        return;
    }
    if (m_nested && !m_blind && stillFenced(line)) return;
    if (isBlank(line)) {
        m_blank = true;
        m_inMath = false;
        m_inList = m_inList && !m_emptyItem; // an item cannot begin with a blank line
        return;
    }
    if (m_inMath) {
        m_inMath = !closesMath(line);
        return;
    }
    const int indent = indentOf(line);
    const auto marker = listMarker(line);
    const bool inItem = m_itemOffset > 0 && indent >= m_itemOffset;
    bool cut = m_fresh;
    if (m_blind) return;
    if (!inItem) {
        cut = cut || openingFence(line) || (m_blank && indent < kCodeIndent);
        cut = cut || (marker && (m_inList || marker->interrupts));
    }
    m_blank = false;
    m_emptyItem = marker && marker->empty;
    m_defining = isDefinition(line) && (cut || m_defining);
    if (m_defining) m_definitions += line.toString() + u'\n';
    if (cut) {
        settle(start, update);
        begin(line);
    } else if (!inItem) {
        m_inList = false; // for all that is known
        if (marker) m_itemOffset = marker->contentOffset;
        if (line.startsWith(u'>')) m_itemOffset = 0; // a quote at the left edge ends the item
    }
    if (m_fence) return;
    if (inItem || line.startsWith(u'>') || marker) m_nested = openingFence(withoutMarkers(line));
    m_blind = m_nested && inItem && !m_inList; // in the item or below it: that takes a parser
    if (!m_nested) m_inMath = opensMath(line);
}

/// Goes on in the code of a fence that stands in an item or a quote. As md4c does, takes a fence at the left
/// edge for the end of it.
bool MarkdownStream::stillFenced(QStringView line) {
    const bool inside =
        m_itemOffset > 0 ? indentOf(line) >= m_itemOffset || isBlank(line) : line.startsWith(u'>');
    if (closes(*m_nested, withoutMarkers(line))) {
        m_nested.reset();
        m_inList = m_inList && inside;
        return true;
    }
    if (inside) return true;
    m_nested.reset();
    m_inList = false;
    m_itemOffset = 0; // what it stood in has ended
    return false;
}

/// A line at the left edge with which a piece begins.
void MarkdownStream::begin(QStringView line) {
    m_fresh = false;
    const auto marker = listMarker(line);
    m_itemOffset = marker ? marker->contentOffset : 0;
    m_inList = marker.has_value();
    m_blind = false;
    m_fence = openingFence(line);
    m_nested.reset();
}

void MarkdownStream::settle(qsizetype end, Update& update) {
    if (m_fence) {
        update.settled.push_back(fencedCode(end));
    } else if (m_start < end) {
        std::vector<Block> blocks = parse(m_source.mid(m_start, end - m_start));
        std::move(blocks.begin(), blocks.end(), std::back_inserter(update.settled));
    }
    m_start = end;
    m_itemOffset = 0;
}

std::vector<Block> MarkdownStream::parse(const QString& piece) {
    ParsedMarkdown parsed = parseMarkdown(piece, m_context);
    m_context.continuedNumber = parsed.nextNumber;
    m_context.delimiter = parsed.delimiter;
    return std::move(parsed.blocks);
}

/// The code of the fence that is open, up to `end`.
Block MarkdownStream::fencedCode(qsizetype end) const {
    Block block;
    block.kind = BlockKind::Code;
    block.language = m_fence->language;
    const qsizetype first = m_source.indexOf(u'\n', m_start) + 1;
    if (first == 0 || first >= end) return block;
    QStringView code = QStringView(m_source).mid(first, end - first);
    if (code.endsWith(u'\n')) code.chop(1);
    if (m_fence->indent == 0) {
        block.words.text = code.toString();
        return block;
    }
    QStringList lines;
    for (const QStringView line : code.split(u'\n'))
        lines << unindented(line, m_fence->indent);
    block.words.text = lines.join(u'\n');
    return block;
}

} // namespace altiplano::app
