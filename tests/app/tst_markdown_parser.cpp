#include "entities.h"
#include "latex.h"
#include "markdown_parser.h"

#include <QTest>

using namespace altiplano::app;

namespace {

/// A block in one line: "h2 Title", "p[ll] •: text", "code(python) ...".
QString described(const Block& block) {
    static const char* const names[] = {"p", "h", "code", "table", "math", "rule", "reasoning"};
    QString text = QLatin1String(names[block.kind]);
    if (block.kind == BlockKind::Heading) text += QString::number(block.level);
    if (block.kind == BlockKind::Code) text += u'(' + block.language + u')';
    if (!block.nesting.isEmpty()) text += u'[' + block.nesting + u']';
    if (!block.marker.isEmpty()) text += u' ' + block.marker;
    const QString words = block.plainText();
    return words.isEmpty() ? text : text + u'|' + words;
}

QStringList blocksOf(const QString& markdown) {
    QStringList all;
    for (const Block& block : parseMarkdown(markdown).blocks)
        all << described(block);
    return all;
}

/// The styled parts of the first block, as "styles:text>link".
QStringList spansOf(const QString& markdown) {
    QStringList all;
    const auto blocks = parseMarkdown(markdown).blocks;
    if (blocks.empty()) return all;
    const StyledText& words = blocks.front().words;
    for (const Span& span : words.spans)
        all << QString::number(span.styles) + u':' + words.text.mid(span.start, span.length) +
                   (span.link.isEmpty() ? QString() : u'>' + span.link);
    return all;
}

} // namespace

class TestMarkdownParser : public QObject {
    Q_OBJECT
private slots:
    void blocks_data() {
        QTest::addColumn<QString>("markdown");
        QTest::addColumn<QStringList>("blocks");
        const auto row = [](const char* name, const char* markdown, const QStringList& blocks) {
            QTest::newRow(name) << QString::fromUtf8(markdown) << blocks;
        };
        row("nothing", "", {});
        row("two paragraphs", "One\nline\n\nTwo", {"p|One\nline", "p|Two"});
        row("headings", "# A\n### B\n", {"h1|A", "h3|B"});
        row("a list in a list", "- a\n  - b\n- c", {"p[l] •|a", "p[ll] ◦|b", "p[l] •|c"});
        row("numbers", "3. a\n3. b", {"p[l] 3.|a", "p[l] 4.|b"});
        row("tasks", "- [ ] a\n- [x] b", {"p[l] ☐|a", "p[l] ☑|b"});
        row("an item of two paragraphs", "1. a\n\n   b\n2. c", {"p[l] 1.|a", "p[l]|b", "p[l] 2.|c"});
        row("code in an item", "1. a\n   ```sh\n   ls\n   ```", {"p[l] 1.|a", "code(sh)[l]|ls"});
        row("an empty item", "-\n- b", {"p[l] •", "p[l] •|b"});
        row("quotes", "> a\n>\n> > b\n\nc", {"p[q]|a", "p[qq]|b", "p|c"});
        row("a list in a quote", "> 1. a\n> 2. b", {"p[ql] 1.|a", "p[ql] 2.|b"});
        row("code", "```python x\nprint(1)\n\n2\n```", {"code(python)|print(1)\n\n2"});
        row("a table", "| a | b |\n|---|--:|\n| 1 | 2 |\n| 3 |", {"table|a\tb\n1\t2\n3\t"});
        row("a rule", "a\n\n---\nb", {"p|a", "rule", "p|b"});
        row("display math", "$$\nE = mc^2\n$$", {"math|E = mc²"});
        row("math in a line", "so $x_1^2$ it is, for $5 and $10", {"p|so x₁² it is, for $5 and $10"});
        row("math of LaTeX", "\\[ \\frac{1}{2} \\]\n\nand \\(\\alpha\\)", {"math|1/2", "p|and α"});
    }

    void blocks() {
        QFETCH(QString, markdown);
        QFETCH(QStringList, blocks);
        QCOMPARE(blocksOf(markdown), blocks);
    }

    void alignments() {
        const auto blocks = parseMarkdown(QStringLiteral("|a|b|c|\n|:--|:-:|--:|\n|1|2|3|")).blocks;
        QCOMPARE(blocks.front().table.columns,
                 (std::vector<Qt::Alignment>{Qt::AlignLeft, Qt::AlignHCenter, Qt::AlignRight}));
    }

    void spans() {
        QCOMPARE(spansOf("a **b *c*** `d` ~~e~~"), (QStringList{"2:b ", "3:c", "8:d", "4:e"}));
        QCOMPARE(spansOf("[to **there**](https://a.b/c?d=1&amp;e)"),
                 (QStringList{"0:to >https://a.b/c?d=1&e", "2:there>https://a.b/c?d=1&e"}));
        QCOMPARE(spansOf("see https://a.b."), QStringList{"0:https://a.b>https://a.b"});
        QCOMPARE(spansOf("me@a.bc"), QStringList{"0:me@a.bc>mailto:me@a.bc"});
        QCOMPARE(spansOf("is `$x$` or $x$"), (QStringList{"8:$x$", "16:x"}));
    }

    /// What a page may not do: run, fetch, or lead anywhere but to the web and to mail.
    void hostile_data() {
        QTest::addColumn<QString>("markdown");
        QTest::addColumn<QString>("shown");
        const auto row = [](const char* markdown, const char* shown) {
            QTest::newRow(markdown) << QString::fromUtf8(markdown) << QString::fromUtf8(shown);
        };
        row("<script>alert(1)</script>", "<script>alert(1)</script>");
        row("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>");
        row("<style>*{color:red}</style> <b>no</b>", "<style>*{color:red}</style> <b>no</b>");
        row("<!-- a comment -->", "<!-- a comment -->");
        row("[x](file:///etc/passwd)", "x");
        row("[x](javascript:alert(1))", "x");
        row("[x](JaVaScRiPt:alert(1))", "x");
        row("[x](data:text/html;base64,PHNjcmlwdD4=)", "x");
        row("[x](/etc/passwd)", "x");
        row("[x](smb://host/share)", "x");
        row("[x](qrc:/Altiplano/Ui/Main.qml)", "x");
        row("[x](http:)", "x");
        row("<file:///etc/passwd>", "file:///etc/passwd");
        row("![a picture](file:///etc/passwd)", "a picture");
        row("&#0; &#xD800; &#x110000; &nosuch;", "\xef\xbf\xbd \xef\xbf\xbd \xef\xbf\xbd &nosuch;");
    }

    void hostile() {
        QFETCH(QString, markdown);
        QFETCH(QString, shown);
        const auto blocks = parseMarkdown(markdown).blocks;
        QCOMPARE(blocks.size(), 1u);
        QCOMPARE(blocks.front().plainText(), shown);
        for (const Span& span : blocks.front().words.spans)
            QVERIFY2(span.link.isEmpty(), qPrintable(span.link));
    }

    void aPictureIsALink() {
        QCOMPARE(spansOf("![alt](https://a.b/c.png)"), QStringList{"0:alt>https://a.b/c.png"});
        QCOMPARE(spansOf("![](https://a.b/c.png)"), QStringList{"0:https://a.b/c.png>https://a.b/c.png"});
    }

    void deepNestingIsNoTrouble() {
        for (const char* piece : {"> ", "- ", "*", "[", "**a ", "`", "$", "\\(", "| ", "{", "1. "}) {
            const QString deep = QString::fromLatin1(piece).repeated(3000) + QStringLiteral("x");
            QVERIFY(parseMarkdown(deep).blocks.size() < 10'000);
            for (const Block& block : parseMarkdown(deep).blocks)
                QVERIFY(block.nesting.size() <= 12);
        }
        QVERIFY(!readableMath(QStringLiteral("\\frac{").repeated(5000)).isNull());
        QVERIFY(!readableMath(QStringLiteral("{").repeated(5000)).isNull());
        QVERIFY(!readableMath(QStringLiteral("^").repeated(5000)).isNull());
        QVERIFY(!readableMath(QStringLiteral("\\sqrt").repeated(5000)).isNull());
    }

    void math_data() {
        QTest::addColumn<QString>("latex");
        QTest::addColumn<QString>("shown");
        const auto row = [](const char* latex, const char* shown) {
            QTest::newRow(latex) << QString::fromUtf8(latex) << QString::fromUtf8(shown);
        };
        row("x^2 + y_{12}", "x² + y₁₂");
        row("\\frac{a+b}{2}", "(a+b)/2");
        row("\\sqrt{2}", "√2");
        row("\\sqrt[3]{x+1}", "³√(x+1)");
        row("\\sum_{i=1}^{n} i", "∑ᵢ₌₁ⁿ i");
        row("a \\le b \\implies c \\ne d", "a ≤ b ⟹ c ≠ d");
        row("x \\in \\mathbb{R}", "x ∈ ℝ");
        row("\\left( \\frac{1}{x} \\right)", "( 1/x )");
        row("\\text{if } x > 0", "if x > 0");
        row("e^{i\\pi} = -1", "e^(iπ) = −1");
        row("\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}", "a = b \nc = d");
        row("\\unknown{x}", "\\unknownx");
        row("\\hat{x} \\vec{v}", "x\xcc\x82 v\xe2\x83\x97");
        row("}{", "");
        row("\\", "\\");
    }

    void math() {
        QFETCH(QString, latex);
        QFETCH(QString, shown);
        QCOMPARE(readableMath(latex), shown);
    }

    void codeIsNoMath() {
        for (const char* markdown : {"`$x$ and \\(y\\)`", "```\n$x$\n\n\\[y\\]\n```", "~~~\n$x$\n~~~",
                                     "cost $5, then $6", "$ x $", "a $ b", "\\$x$"}) {
            const QString text = QString::fromUtf8(markdown);
            QCOMPARE(withMathAsCode(text), text);
        }
    }
};

QTEST_GUILESS_MAIN(TestMarkdownParser)
#include "tst_markdown_parser.moc"
