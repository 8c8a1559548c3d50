#include "markdown_stream.h"
#include "mend.h"
#include "support/random.h"

#include <QRegularExpression>
#include <QTest>

#include <md4c-html.h>

using namespace altiplano::app;

namespace {

constexpr unsigned kDialect =
    MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS | MD_FLAG_PERMISSIVEAUTOLINKS | MD_FLAG_NOHTML;

/// Well-formed Markdown: every kind of block, nested, with and without lines between. Items within items hold
/// words, code, quotes and lists and no blank lines: of others md4c makes one thing here and another there,
/// depending on what stands before the list. A list right below words begins with 1: else it is words, and
/// md4c takes what is indented in those for fences, which CommonMark does not.
class RandomMarkdown {
public:
    explicit RandomMarkdown(std::mt19937_64& random) : m_random(random) {}

    QString text() {
        return document(1 + below(7), 0).join(u'\n') + (below(3) == 0 ? QString() : QStringLiteral("\n"));
    }

private:
    int below(int n) { return static_cast<int>(m_random() % static_cast<quint64>(n)); }
    int pick(const char* digits) { return digits[below(static_cast<int>(qstrlen(digits)))] - '0'; }
    QString pick(const QStringList& from) { return from[below(static_cast<int>(from.size()))]; }

    QString words() {
        QString text =
            pick({"word", "some words", "*em*", "**bold** text", "`code`", "a `co*de` b*", "~~gone~~",
                  "[a link](https://a.b/c)", "https://a.b", "un*closed", "**half", "`tick", "x_y_z", "a | b",
                  "\\*no\\*", "&amp; &lt;", "<b>html</b>", "![pic](https://a.b/p.png)", "end."});
        if (below(4) == 0) text += u' ' + words();
        return text;
    }
    QStringList paragraph() {
        QStringList lines;
        for (int i = 1 + below(3); i > 0; --i)
            lines << words();
        return lines;
    }
    QStringList fence(int depth) {
        const QString marks = pick({"```", "~~~", "````"});
        QStringList lines{marks + pick({"", "cpp", "python x"})};
        for (int i = below(5); i > 0; --i)
            lines << pick({"code();", depth == 0 ? "" : "more", "    indented", "- not a list",
                           "# not a title", "> no", "| a |", "``", "1. no"});
        return lines << marks;
    }
    QStringList table() {
        QStringList lines{QStringLiteral("| a | b |"), QStringLiteral("|---|:-:|")};
        for (int i = below(4); i > 0; --i)
            lines << QStringLiteral("| x | *y* |");
        return lines << QString(); // md4c would take a fence right below for a row
    }
    QStringList list(int depth, bool belowWords) {
        const bool ordered = below(2) == 0, loose = depth == 0 && below(3) == 0;
        int number = 1 + (belowWords ? 0 : below(12));
        QStringList lines;
        for (int i = 1 + below(4); i > 0; --i) {
            const QString marker =
                ordered ? QString::number(number++) + QStringLiteral(". ") : QStringLiteral("- ");
            QStringList content = paragraph();
            if (below(2) == 0) {
                if (depth == 0 && below(2) == 0) content << QString();
                content += document(1, depth + 1, !content.last().isEmpty());
            }
            while (content.last().isEmpty())
                content.removeLast();
            for (qsizetype at = 0; at < content.size(); ++at) {
                const QString indent = at == 0 ? marker : QString(marker.size(), u' ');
                lines << (content[at].isEmpty() ? QString() : indent + content[at]);
            }
            if (loose) lines << QString();
        }
        return lines;
    }
    QStringList quote(int depth) {
        QStringList lines;
        for (const QString& line : document(1 + below(2), depth + 1))
            lines << (line.isEmpty() ? QStringLiteral(">") : QStringLiteral("> ") + line);
        return lines;
    }
    QStringList document(int blocks, int depth, bool belowWords = false) {
        QStringList lines;
        for (; blocks > 0; --blocks) {
            const int kind = depth == 0 ? below(9) : pick(depth < 3 ? "0013678" : "0013");
            if (kind < 2)
                lines += paragraph();
            else if (kind == 2)
                lines << pick({"# ", "### "}) + words();
            else if (kind == 3)
                lines += fence(depth);
            else if (kind == 4)
                lines += table();
            else if (kind == 5)
                lines << QString() << QStringLiteral("***");
            else if (kind == 8)
                lines += quote(depth);
            else
                lines += list(depth, lines.isEmpty() ? belowWords : !lines.last().isEmpty());
            for (int i = depth == 0 ? below(3) : 0; i > 0 && !lines.last().isEmpty(); --i)
                lines << QString();
        }
        return lines;
    }

    std::mt19937_64& m_random;
};

/// A block as one line: what it is, what it is nested in, its marker, its text with each span in braces.
QString line(const QString& kind, const QString& nesting, const QString& marker, const StyledText& words) {
    QString text = kind + u'[' + nesting + u']' + marker + u'|';
    qsizetype at = 0;
    for (const Span& span : words.spans) {
        text += words.text.mid(at, span.start - at) + u'{' + QString::number(span.styles) + span.link + u':' +
                words.text.mid(span.start, span.length) + u'}';
        at = span.start + span.length;
    }
    return text + words.text.mid(at);
}

/// md4c's code has spaces for the tabs that lines begin with; ours keeps them, for those who copy it.
QString withSpaces(const QString& code) {
    QStringList all = code.split(u'\n');
    for (QString& one : all) {
        qsizetype text = 0;
        while (text < one.size() && (one[text] == u' ' || one[text] == u'\t'))
            ++text;
        one = QString(indentOf(one), u' ') + one.mid(text);
    }
    return all.join(u'\n');
}

QStringList lines(const std::vector<Block>& blocks) {
    static const char* const names[] = {"p", "h", "pre", "table", "math", "hr", "reasoning"};
    QStringList all;
    for (const Block& block : blocks) {
        QString kind = QLatin1String(names[block.kind]);
        if (block.kind == BlockKind::Heading) kind += QString::number(block.level);
        if (block.kind == BlockKind::Code) kind += block.language;
        StyledText words = block.words;
        if (block.kind == BlockKind::Code) words.text = withSpaces(words.text);
        all << line(kind, block.nesting, block.marker, words);
        for (const auto& row : block.table.rows)
            for (const StyledText& cell : row)
                all << line(QStringLiteral("cell"), {}, {}, cell);
    }
    return all;
}

/// The same lines out of md4c's HTML: the reference reads the whole text by md4c's own renderer.
class HtmlReader {
public:
    QStringList read(const QString& html) {
        for (qsizetype at = 0; at < html.size();) {
            if (html[at] == u'<') {
                const qsizetype end = html.indexOf(u'>', at);
                tag(html.mid(at + 1, end - at - 1));
                at = end + 1;
            } else {
                const qsizetype end = html.indexOf(u'<', at);
                text(html.mid(at, (end < 0 ? html.size() : end) - at));
                at = end < 0 ? html.size() : end;
            }
        }
        return m_lines;
    }

private:
    struct List {
        bool ordered;
        int number;
    };

    static QString unescaped(QString text) {
        return text.replace(QLatin1String("&lt;"), QLatin1String("<"))
            .replace(QLatin1String("&gt;"), QLatin1String(">"))
            .replace(QLatin1String("&quot;"), QLatin1String("\""))
            .replace(QLatin1String("&amp;"), QLatin1String("&"));
    }
    static QString attribute(const QString& tag, const QString& name) {
        const qsizetype start = tag.indexOf(name + QStringLiteral("=\""));
        if (start < 0) return {};
        const qsizetype from = start + name.size() + 2;
        return unescaped(tag.mid(from, tag.indexOf(u'"', from) - from));
    }

    void begin(const QString& kind) {
        end();
        m_kind = kind;
        m_words = {};
    }
    void end() {
        if (m_kind.isEmpty()) return;
        const bool code = m_kind.startsWith(QLatin1String("pre"));
        while (!code && m_words.text.endsWith(u'\n'))
            m_words.text.chop(1);
        if (code && m_words.text.endsWith(u'\n')) m_words.text.chop(1);
        if (!code) m_words.text.replace(u'\n', QChar::LineSeparator);
        const bool cell = m_kind == QLatin1String("cell");
        m_lines << line(m_kind, cell ? QString() : m_nesting, cell ? QString() : std::exchange(m_marker, {}),
                        m_words);
        m_kind.clear();
        m_due = m_due && cell;
    }
    void add(const QString& text) {
        Span span{static_cast<int>(m_words.text.size()), static_cast<int>(text.size()), 0, {}};
        for (const auto& [style, link] : m_spans) {
            span.styles |= style;
            if (isSafeLink(link)) span.link = link;
        }
        if (text.isEmpty()) return;
        m_words.text += text;
        if (!span.styles && span.link.isEmpty()) return;
        if (!m_words.spans.empty()) {
            Span& last = m_words.spans.back();
            if (last.start + last.length == span.start && last.styles == span.styles &&
                last.link == span.link) {
                last.length += span.length;
                return;
            }
        }
        m_words.spans.push_back(span);
    }
    void text(const QString& raw) {
        if (m_kind.isEmpty()) {
            if (raw.trimmed().isEmpty()) return;
            begin(QStringLiteral("p")); // of a tight item
        }
        QString words = unescaped(raw);
        if (words.startsWith(u'\n') && std::exchange(m_broken, false)) words = words.mid(1);
        add(words);
    }
    void span(quint8 style, const QString& link = {}) {
        if (m_kind.isEmpty()) begin(QStringLiteral("p"));
        m_spans.append({style, link});
    }
    void item(const QString& tag) {
        end();
        List& list = m_lists.last();
        m_due = true;
        m_marker = list.ordered          ? QString::number(list.number++) + m_delimiter
                   : m_lists.size() == 1 ? QStringLiteral("•")
                   : m_lists.size() == 2 ? QStringLiteral("◦")
                                         : QStringLiteral("▪");
        Q_UNUSED(tag);
    }
    void tag(const QString& tag) {
        const QString name = tag.section(u' ', 0, 0);
        if (name == QLatin1String("blockquote") || name == QLatin1String("ul") ||
            name == QLatin1String("ol")) {
            end();
            m_nesting += name == QLatin1String("blockquote") ? u'q' : u'l';
            const QString start = attribute(tag, QStringLiteral("start"));
            if (name != QLatin1String("blockquote"))
                m_lists.append({name == QLatin1String("ol"), start.isEmpty() ? 1 : start.toInt()});
        } else if (name == QLatin1String("/blockquote") || name == QLatin1String("/ul") ||
                   name == QLatin1String("/ol")) {
            end();
            m_nesting.chop(1);
            if (name != QLatin1String("/blockquote")) m_lists.removeLast();
        } else if (name == QLatin1String("li")) {
            item(tag);
        } else if (name == QLatin1String("/li")) {
            if (m_due && m_kind.isEmpty()) begin(QStringLiteral("p"));
            end();
        } else if (name == QLatin1String("input")) {
            m_marker = tag.contains(QLatin1String("checked")) ? QStringLiteral("☑") : QStringLiteral("☐");
        } else if (name == QLatin1String("hr")) {
            begin(name);
            end();
        } else if (name == QLatin1String("p") || name == QLatin1String("pre") ||
                   name == QLatin1String("table") || (name.size() == 2 && name[0] == u'h')) {
            begin(name);
            if (name == QLatin1String("table")) end();
        } else if (name == QLatin1String("td") || name == QLatin1String("th")) {
            begin(QStringLiteral("cell"));
        } else if (name == QLatin1String("/p") || name == QLatin1String("/pre") ||
                   name == QLatin1String("/td") || name == QLatin1String("/th") ||
                   (name.size() == 3 && name[1] == u'h')) {
            end();
        } else if (name == QLatin1String("br")) {
            add(QStringLiteral("\n"));
            m_broken = true;
        } else if (name == QLatin1String("code") && m_kind == QLatin1String("pre")) {
            const QString language = attribute(tag, QStringLiteral("class"));
            m_kind += language.mid(QStringLiteral("language-").size());
        } else if (name == QLatin1String("em")) {
            span(Emphasis);
        } else if (name == QLatin1String("strong")) {
            span(Strong);
        } else if (name == QLatin1String("del")) {
            span(Strike);
        } else if (name == QLatin1String("code")) {
            span(InlineCode);
        } else if (name == QLatin1String("a")) {
            span(0, attribute(tag, QStringLiteral("href")));
        } else if (name == QLatin1String("img")) {
            span(0, attribute(tag, QStringLiteral("src")));
            add(attribute(tag, QStringLiteral("alt")));
            m_spans.removeLast();
        } else if (name.startsWith(u'/') && !m_spans.isEmpty() && !m_kind.startsWith(QLatin1String("pre"))) {
            m_spans.removeLast();
        }
    }

    QStringList m_lines;
    QString m_kind, m_nesting, m_marker, m_delimiter = QStringLiteral(".");
    StyledText m_words;
    QList<List> m_lists;
    QList<std::pair<quint8, QString>> m_spans;
    bool m_due = false, m_broken = false;
};

QStringList reference(const QString& markdown) {
    QByteArray html;
    const QByteArray source = markdown.toUtf8();
    md_html(
        source.constData(), static_cast<MD_SIZE>(source.size()),
        [](const MD_CHAR* text, MD_SIZE size, void* to) {
            static_cast<QByteArray*>(to)->append(text, static_cast<qsizetype>(size));
        },
        &html, kDialect, 0);
    return HtmlReader().read(QString::fromUtf8(html));
}

/// HTML does not tell "1." from "1)".
QStringList withDots(const QStringList& all) {
    QStringList dotted = all;
    static const QRegularExpression marker(QStringLiteral("^(\\w+\\[\\w+\\]\\d+)\\)\\|"));
    dotted.replaceInStrings(marker, QStringLiteral("\\1.|"));
    return dotted;
}

/// The blocks after the text came in pieces of at most that many characters.
QStringList streamed(const QString& text, std::mt19937_64& random, int longest) {
    MarkdownStream stream;
    std::vector<Block> settled;
    const auto take = [&settled](MarkdownStream::Update update) {
        if (update.restarts) settled.clear();
        std::move(update.settled.begin(), update.settled.end(), std::back_inserter(settled));
    };
    for (qsizetype at = 0; at < text.size();) {
        const auto length = static_cast<qsizetype>(1 + random() % static_cast<quint64>(longest));
        take(stream.append(text.mid(at, length)));
        at += length;
    }
    take(stream.finish());
    return lines(settled);
}

QString visible(const std::vector<Block>& settled, const std::vector<Block>& open) {
    QString all;
    for (const auto* part : {&settled, &open})
        for (const Block& block : *part)
            all += block.marker + block.plainText() + u'\n';
    return all;
}

} // namespace

class TestMarkdownStream : public QObject {
    Q_OBJECT
private slots:
    /// However it is cut, the blocks are those that md4c's own renderer sees in the whole.
    void asTheWhole() {
        std::mt19937_64 random = altiplano::test::seededRandom();
        for (int round = 0; round < 200; ++round) {
            const QString text = RandomMarkdown(random).text();
            const QStringList expected = reference(text);
            const int longest = round % 3 == 0 ? 1 : round % 3 == 1 ? 12 : 400;
            const QStringList actual = streamed(text, random, longest);
            if (withDots(actual) == expected) continue;
            qsizetype first = 0;
            while (first < std::min(actual.size(), expected.size()) &&
                   withDots(actual)[first] == expected[first])
                ++first;
            qInfo().noquote() << "round" << round
                              << text.toHtmlEscaped().replace(u'\n', QLatin1String("\\n\n"));
            qInfo().noquote() << "line" << first << "streamed:" << actual.value(first)
                              << "expected:" << expected.value(first);
            QFAIL("the streamed blocks differ from md4c's HTML of the whole");
        }
    }

    /// A fence in a quote right below an item stands in the quote, not in the item.
    void aQuoteEndsAnItem() {
        std::mt19937_64 random(1);
        const QString text = QStringLiteral("1. item\n> 1. quoted\n>    ```\n>    > no\n>    ```\n> 2. more\n"
                                            "````\n- code\n````\n\nEnd\n");
        for (const int longest : {1, 7, 1000})
            QCOMPARE(streamed(text, random, longest), reference(text));
        QVERIFY(reference(text).contains(QStringLiteral("pre[]|- code")));
    }

    void definitionsReachBackAndAhead() {
        std::mt19937_64 random(1);
        const QString text =
            QStringLiteral("See [one] and [two][2].\n\n[one]: https://a.b/1\n[2]: https://a.b/2\n\n"
                           "Again [one].\n\n```\n[one]\n```\n");
        for (const int longest : {1, 7, 1000})
            QCOMPARE(streamed(text, random, longest), reference(text));
        QVERIFY(reference(text).first().contains(QLatin1String("https://a.b/2")));
    }

    /// Settled blocks stay, whatever comes: only what is open is given again.
    void settledStays() {
        QString text;
        for (int i = 0; i < 200; ++i)
            text +=
                QStringLiteral("Paragraph %1 with **bold**.\n\n- item\n- item\n\n```\ncode\n\ncode\n```\n")
                    .arg(i);
        MarkdownStream stream;
        std::size_t settled = 0, most = 0;
        for (const QChar c : text) {
            const auto update = stream.append(QString(c));
            QVERIFY(!update.restarts);
            settled += update.settled.size();
            most = std::max(most, update.open.size());
        }
        QVERIFY2(most <= 2, qPrintable(QString::number(most)));
        QCOMPARE(settled + stream.finish().settled.size(), 800u);
    }

    void longListsSettleItemByItem() {
        MarkdownStream stream;
        std::size_t most = 0, settled = 0;
        for (int i = 1; i <= 100; ++i) {
            const auto update = stream.append(QStringLiteral("%1. item\n").arg(i == 1 ? 7 : i));
            settled += update.settled.size();
            most = std::max(most, update.open.size());
            if (!update.settled.empty())
                QCOMPARE(update.settled.back().marker, QString::number(settled + 6) + u'.');
        }
        QCOMPARE(most, 1u);
        QCOMPARE(settled, 99u);
    }

    /// What is on the page only ever grows while marks are half there.
    void nothingFlickers_data() {
        QTest::addColumn<QString>("text");
        for (const char* text :
             {"Some **bold words** and *some* more.", "Use `the code` and ``more ` code``.",
              "A [link with words](https://a.b/c) here.", "Strike ~~this out~~ now.",
              "***both*** and **a *nested* one**.", "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | **4** |\n\nEnd",
              "Title follows\n\n## The title\n\nText", "Before\n\n---\n\nAfter",
              "- one\n- two **bold**\n  - three\n- [x] four", "1. one\n2. two\n10. ten",
              "> quoted **bold**\n> more", "Text:\n```cpp\nint x;\n```\nEnd",
              "So \\(a + b\\) is\n\n\\[ x \\]\n\nEnd", "- item\n  ```sh\n  ls -l\n  ```\n- next",
              "https://a.b/c and on", "Five * three - 2 = 13", "snake_case_name and __init__ too"})
            QTest::newRow(text) << QString::fromUtf8(text);
    }

    void nothingFlickers() {
        QFETCH(QString, text);
        MarkdownStream stream;
        std::vector<Block> settled;
        QString before;
        for (const QChar c : text) {
            auto update = stream.append(QString(c));
            std::move(update.settled.begin(), update.settled.end(), std::back_inserter(settled));
            const QString now = visible(settled, update.open).trimmed();
            QVERIFY2(now.startsWith(before), qPrintable(QStringLiteral("'%1' after '%2'").arg(now, before)));
            before = now;
        }
        auto update = stream.finish();
        std::move(update.settled.begin(), update.settled.end(), std::back_inserter(settled));
        QVERIFY2(visible(settled, {}).trimmed().startsWith(before), qPrintable(before));
    }

    void anyInputIsFine() {
        std::mt19937_64 random = altiplano::test::seededRandom();
        const QString letters =
            QString::fromUtf8("ab \n\n\t*_`~[]()!<>#-+|\\$&;:1.{}^\xc3\xa9\xf0\x9f\xa6\x99");
        for (int round = 0; round < 2000; ++round) {
            QString text;
            const auto size = static_cast<int>(random() % 80);
            for (int i = 0; i < size; ++i)
                text += letters[static_cast<qsizetype>(random() % static_cast<quint64>(letters.size()))];
            const QStringList whole = streamed(text, random, 1000);
            QCOMPARE(streamed(text, random, 3), whole);
            QVERIFY(mended(text).size() < 2 * text.size() + 10);
        }
    }
};

QTEST_GUILESS_MAIN(TestMarkdownStream)
#include "tst_markdown_stream.moc"
