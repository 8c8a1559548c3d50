#include "code_language.h"
#include "highlighter.h"

#include <QTest>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextLayout>

using namespace altiplano::app;

namespace {

const CodeColors kColors{QColor(1, 0, 0), QColor(2, 0, 0), QColor(3, 0, 0),
                         QColor(4, 0, 0), QColor(5, 0, 0), QColor(6, 0, 0)};

/// What is coloured in a line, as "k:for s:'x'".
QStringList coloured(const QTextBlock& line) {
    static const char letters[] = " kvscnf";
    QStringList all;
    for (const auto& range : line.layout()->formats())
        all << QString(QLatin1Char(letters[range.format.foreground().color().red()])) + u':' +
                   line.text().mid(range.start, range.length);
    return all;
}

struct Code {
    Code(const char* language, const QString& text)
        : document(text), highlighter(&document, *codeLanguage(language), kColors) {
        document.documentLayout(); // without one, a document does not tell of changes
        highlighter.rehighlight();
    }
    QStringList line(int number) const { return coloured(document.findBlockByNumber(number)); }

    QTextDocument document;
    Highlighter highlighter;
};

} // namespace

class TestHighlighter : public QObject {
    Q_OBJECT
private slots:
    void lines_data() {
        QTest::addColumn<QByteArray>("language");
        QTest::addColumn<QString>("line");
        QTest::addColumn<QStringList>("colours");
        const auto row = [](const char* language, const char* line, const QStringList& colours) {
            QTest::newRow(line) << QByteArray(language) << QString::fromUtf8(line) << colours;
        };
        row("python", "for x in range(10): # all", {"k:for", "k:in", "v:range", "n:10", "c:# all"});
        row("py", "s = 'it\\'s' + f(\"# no\")", {"s:'it\\'s'", "f:f", "s:\"# no\""});
        row("cpp", "#include <vector> // x", {"k:#include", "v:vector", "c:// x"});
        row("C++", "return a /* b */ + 0x1f;", {"k:return", "c:/* b */", "n:0x1f"});
        row("js", "const x = `a ${b}`;", {"k:const", "s:`a ${b}`"});
        row("ts", "let n: number = 1.5e3", {"k:let", "v:number", "n:1.5e3"});
        row("java", "@Override public void f() {}", {"f:@Override", "k:public", "v:void", "f:f"});
        row("c#", "var x = null;", {"k:var", "v:null"});
        row("go", "func main() { x := `a\\` }", {"k:func", "f:main", "s:`a\\`"});
        row("rust", "let x: &'a str = \"b\";", {"k:let", "v:str", "s:\"b\""});
        row("bash", "if [ $x ]; then echo 'a' # b", {"k:if", "f:$x", "k:then", "v:echo", "s:'a'", "c:# b"});
        row("sql", "SELECT count(*) FROM t -- all", {"k:SELECT", "v:count", "k:FROM", "c:-- all"});
        row("json", "{\"key\": \"value\", \"n\": 1, \"t\": true}",
            {"f:\"key\"", "s:\"value\"", "f:\"n\"", "n:1", "f:\"t\"", "v:true"});
        row("html", "<a href=\"x\">for 1</a>", {"k:a", "f:href", "s:\"x\"", "k:a"});
        row("css", "color: red; /* c */", {"f:color", "c:/* c */"});
    }

    void lines() {
        QFETCH(QByteArray, language);
        QFETCH(QString, line);
        QFETCH(QStringList, colours);
        QCOMPARE(Code(language.constData(), line).line(0), colours);
    }

    void commentsAndStringsSpanLines() {
        const Code c("c", "a /* b\nint\nc */ int");
        QCOMPARE(c.line(0), QStringList{"c:/* b"});
        QCOMPARE(c.line(1), QStringList{"c:int"});
        QCOMPARE(c.line(2), (QStringList{"c:c */", "v:int"}));
        const Code python("python", "\"\"\"doc\nfor\n\"\"\" if");
        QCOMPARE(python.line(1), QStringList{"s:for"});
        QCOMPARE(python.line(2), (QStringList{"s:\"\"\"", "k:if"}));
        const Code html("html", "<a\nhref='x'>\n<!-- a\nb --><b>");
        QCOMPARE(html.line(1), (QStringList{"f:href", "s:'x'"}));
        QCOMPARE(html.line(3), (QStringList{"c:b -->", "k:b"}));
    }

    /// Code that streams in looks as if it had come at once.
    void growing() {
        const QString text =
            QStringLiteral("/* a\nb */ for (int i = 0; i < 10; ++i) // x\n  s = \"a\\\"b\";\n");
        const Code whole("cpp", text);
        Code grown("cpp", {});
        for (const QChar c : text) {
            QTextCursor end(&grown.document);
            end.movePosition(QTextCursor::End);
            end.insertText(c);
        }
        for (int line = 0; line < 4; ++line)
            QCOMPARE(grown.line(line), whole.line(line));
    }

    void unknownLanguages() {
        QVERIFY(!codeLanguage(QStringLiteral("klingon")));
        QVERIFY(!codeLanguage(QString()));
    }
};

QTEST_MAIN(TestHighlighter)
#include "tst_highlighter.moc"
