#include "remote/sse_parser.h"
#include "support/random.h"

#include <QTest>

using namespace altiplano::app;

using Events = std::vector<SseEvent>;

class TestSseParser : public QObject {
    Q_OBJECT
private slots:
    void events_data() {
        QTest::addColumn<QByteArray>("stream");
        QTest::addColumn<QByteArrayList>("expected"); // type, data, type, data, ...
        const auto row = [](const char* name, const char* stream, const QByteArrayList& expected) {
            QTest::newRow(name) << QByteArray(stream) << expected;
        };
        row("one", "data: a\n\n", {"", "a"});
        row("two", "data: a\n\ndata: b\n\n", {"", "a", "", "b"});
        row("crlf", "data: a\r\n\r\ndata: b\r\n\r\n", {"", "a", "", "b"});
        row("cr", "data: a\r\rdata: b\r\r", {"", "a", "", "b"});
        row("mixed", "data: a\r\n\ndata: b\n\r\n", {"", "a", "", "b"});
        row("lines", "data: a\ndata:\ndata: c\n\n", {"", "a\n\nc"});
        row("comments", ": busy\n\ndata: a\n: busy\ndata: b\n\n: busy\n\n", {"", "a\nb"});
        row("type", "event: error\ndata: x\n\ndata: y\n\n", {"error", "x", "", "y"});
        row("error line", "error: {\"code\":500}\n\n", {"error", "{\"code\":500}"});
        row("no space", "data:a\n\n", {"", "a"});
        row("one space is cut", "data:  a \n\n", {"", " a "});
        row("colons", "data: a: b\n\n", {"", "a: b"});
        row("no colon", "data\n\n", {"", ""});
        row("other fields", "id: 7\nretry: 10\nfoo: bar\ndata: a\n\n", {"", "a"});
        row("nothing to dispatch", "event: ping\n\n\n\n", {});
        row("byte order mark",
            "\xEF\xBB\xBF"
            "data: a\n\n",
            {"", "a"});
        row("utf-8", "data: \xC3\xA4\xE2\x82\xAC\xF0\x9F\xA6\x99\n\n",
            {"", "\xC3\xA4\xE2\x82\xAC\xF0\x9F\xA6\x99"});
        row("done", "data: {}\n\ndata: [DONE]\n\n", {"", "{}", "", "[DONE]"});
        row("end without an empty line", "data: a\n\ndata: [DONE]\n", {"", "a", "", "[DONE]"});
        row("end within a line", "data: a\n\ndata: [DONE]", {"", "a", "", "[DONE]"});
    }

    /// However the network cuts the stream, the events are the same.
    void events() {
        QFETCH(const QByteArray, stream);
        QFETCH(const QByteArrayList, expected);
        Events wanted;
        for (qsizetype i = 0; i < expected.size(); i += 2)
            wanted.push_back({expected[i], expected[i + 1]});
        QVERIFY(parsed({stream}) == wanted);

        QByteArrayList bytes;
        for (const char c : stream)
            bytes.append(QByteArray(1, c));
        QVERIFY(parsed(bytes) == wanted);

        std::mt19937_64 random = altiplano::test::seededRandom();
        for (int round = 0; round < 200; ++round) {
            QByteArrayList pieces;
            for (qsizetype at = 0; at < stream.size();) {
                const auto size = static_cast<qsizetype>(random() % 7);
                pieces.append(stream.mid(at, size));
                at += size;
            }
            QVERIFY(parsed(pieces) == wanted);
        }
    }

    void anEndlessEventIsGivenUp() {
        SseParser parser;
        const QByteArray megabyte(1 << 20, 'x');
        parser.feed("data: a\n\ndata: ");
        for (int i = 0; i < 64 && !parser.overflowed(); ++i)
            parser.feed(megabyte);
        QVERIFY(parser.overflowed());
        QVERIFY(parser.feed("\n\ndata: b\n\n").empty());
    }

    void manyEventsAreNoOverflow() {
        SseParser parser;
        const QByteArray event = "data: " + QByteArray(1 << 20, 'x') + "\n\n";
        for (int i = 0; i < 20; ++i)
            QCOMPARE(parser.feed(event).size(), 1u);
        QVERIFY(!parser.overflowed());
    }

private:
    static Events parsed(const QByteArrayList& pieces) {
        SseParser parser;
        Events all;
        for (const QByteArray& piece : pieces)
            for (SseEvent& event : parser.feed(piece))
                all.push_back(std::move(event));
        for (SseEvent& event : parser.end())
            all.push_back(std::move(event));
        return all;
    }
};

QTEST_GUILESS_MAIN(TestSseParser)
#include "tst_sse_parser.moc"
