#include "downloads/download_set.h"
#include "downloads/http_headers.h"
#include "downloads/model_link.h"

#include "support/random.h"

#include <QDir>
#include <QTest>

using namespace altiplano::app;

/// What is made of links, names and headers that come from elsewhere.
class TestModelLink : public QObject {
    Q_OBJECT
private slots:
    void links_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("url");
        QTest::newRow("file") << "https://example.org/a/m.gguf"
                              << "https://example.org/a/m.gguf";
        QTest::newRow("spaces around") << "  https://example.org/m.gguf\n"
                                       << "https://example.org/m.gguf";
        QTest::newRow("brackets around") << "<https://example.org/m.gguf>"
                                         << "https://example.org/m.gguf";
        QTest::newRow("no scheme") << "huggingface.co/a/b/resolve/main/m.gguf"
                                   << "https://huggingface.co/a/b/resolve/main/m.gguf";
        QTest::newRow("Hugging Face's page") << "https://huggingface.co/a/b/blob/main/sub/m.Q4_0.gguf"
                                             << "https://huggingface.co/a/b/resolve/main/sub/m.Q4_0.gguf";
        QTest::newRow("with a query") << "https://huggingface.co/a/b/resolve/main/m.gguf?download=true"
                                      << "https://huggingface.co/a/b/resolve/main/m.gguf?download=true";
        QTest::newRow("another's blob") << "https://example.org/a/b/blob/main/m.gguf"
                                        << "https://example.org/a/b/blob/main/m.gguf";
        QTest::newRow("name in the query") << "https://example.org/get?rev=master&file=m.gguf"
                                           << "https://example.org/get?rev=master&file=m.gguf";
        QTest::newRow("fragment") << "https://example.org/m.gguf#L1"
                                  << "https://example.org/m.gguf";
        QTest::newRow("this computer") << "http://localhost:8080/m.gguf"
                                       << "http://localhost:8080/m.gguf";
        for (const char* bad : {"", "hello", "m.gguf", "https://", "http://example.org/m.gguf",
                                "ftp://example.org/m.gguf", "file:///home/me/m.gguf", "https://example.org/",
                                "https://example.org/m.bin", "https://example.org/.gguf",
                                "https://me:secret@example.org/m.gguf", "https://huggingface.co/a/b",
                                "https://huggingface.co/a/b/tree/main", "javascript:alert(1)//x.gguf"})
            QTest::newRow(bad) << bad << QString();
    }
    void links() {
        QFETCH(const QString, text);
        QFETCH(const QString, url);
        const ModelLink link = readModelLink(text);
        QCOMPARE(link.isEmpty(), url.isEmpty());
        QCOMPARE(link.problem.isEmpty(), !url.isEmpty());
        if (url.isEmpty()) return;
        QCOMPARE(link.urls.size(), 1);
        QCOMPARE(link.urls[0].toString(), url);
        QCOMPARE(readModelLink(link.urls[0].toString()).urls, link.urls); // as it is read back from the disk
    }

    void allPartsOfASplitModel() {
        const QList<QUrl> expected{QUrl("https://example.org/q/m-00001-of-00003.gguf?x"),
                                   QUrl("https://example.org/q/m-00002-of-00003.gguf?x"),
                                   QUrl("https://example.org/q/m-00003-of-00003.gguf?x")};
        for (const QUrl& part : expected)
            QCOMPARE(readModelLink(part.toString()).urls, expected);
        QCOMPARE(partName("m-00001-of-00003.gguf", 3), QStringLiteral("m-00003-of-00003.gguf"));
        QCOMPARE(partName("m.gguf", 3), QStringLiteral("m.gguf"));
        QCOMPARE(numberedName("m-00001-of-00003.gguf", 2), QStringLiteral("m (2)-00001-of-00003.gguf"));
        QCOMPARE(numberedName("m.Q4_0.gguf", 2), QStringLiteral("m.Q4_0 (2).gguf"));
    }

    void names_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("safe");
        QTest::newRow("plain") << "m.Q4_0.gguf"
                               << "m.Q4_0.gguf";
        QTest::newRow("capitals") << "M.GGUF"
                                  << "M.GGUF";
        QTest::newRow("path") << "../../etc/m.gguf"
                              << "m.gguf";
        QTest::newRow("the other slash") << "..\\..\\m.gguf"
                                         << "m.gguf";
        QTest::newRow("hidden") << "...m.gguf"
                                << "m.gguf";
        QTest::newRow("control characters") << QStringLiteral("a\nb\u202ec.gguf") << "a_b_c.gguf";
        QTest::newRow("umlauts") << QStringLiteral("Größe.gguf") << QStringLiteral("Größe.gguf");
        QTest::newRow("another kind") << "m.sh"
                                      << "";
        QTest::newRow("only a suffix") << ".gguf"
                                       << "";
        QTest::newRow("nothing") << "a/b/"
                                 << "";
    }
    void names() {
        QFETCH(const QString, name);
        QFETCH(const QString, safe);
        QCOMPARE(safeFileName(name), safe);
    }

    /// Whatever a server says, the file lies in its folder.
    void anyNameStaysInItsFolder() {
        auto random = altiplano::test::seededRandom();
        const QStringList pieces{"..", "/", "\\",   ".", "m", ".gguf", "%2F", QString(QChar(0)),
                                 "\n", "ü", "🦙", " ", "~"};
        for (int i = 0; i < 3000; ++i) {
            QString name;
            for (quint64 k = 0, count = random() % 90; k < count; ++k)
                name += pieces[static_cast<qsizetype>(random() % static_cast<quint64>(pieces.size()))];
            const QString safe = safeFileName(name + (random() % 2 ? ".gguf" : ""));
            if (safe.isEmpty()) continue;
            const QFileInfo file("/models/" + safe);
            QCOMPARE(QDir::cleanPath(file.filePath()), file.filePath());
            QCOMPARE(file.path(), QStringLiteral("/models"));
            QVERIFY(!safe.startsWith('.') && safe.endsWith(".gguf") && safe.toUtf8().size() <= 200);
            QCOMPARE(QString::fromUtf8(safe.toUtf8()), safe); // whole characters
        }
    }

    void dispositions_data() {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QString>("name");
        QTest::newRow("quoted") << QByteArray("attachment; filename=\"a b.gguf\"") << "a b.gguf";
        QTest::newRow("bare") << QByteArray("attachment;filename=a.gguf; x=y") << "a.gguf";
        QTest::newRow("both") << QByteArray("inline; filename*=UTF-8''%C3%BC.gguf; filename=\"u.gguf\";")
                              << QStringLiteral("ü.gguf");
        QTest::newRow("none") << QByteArray("inline") << "";
        QTest::newRow("empty") << QByteArray() << "";
    }
    void dispositions() {
        QFETCH(const QByteArray, header);
        QFETCH(const QString, name);
        QCOMPARE(dispositionFileName(header), name);
    }

    void headers() {
        QCOMPARE(readContentRange("bytes 100-199/200")->first, 100);
        QCOMPARE(readContentRange("bytes 100-199/200")->total, 200);
        QCOMPARE(readContentRange("Bytes 0-1/*")->total, -1);
        for (const char* bad :
             {"", "bytes */200", "bytes 1-2", "items 0-1/2", "bytes 99999999999999999999-1/2"})
            QVERIFY2(!readContentRange(bad), bad);
        const QByteArray sha256(64, 'A');
        QCOMPARE(sha256FromETag('"' + sha256 + '"'), QByteArray(64, 'a'));
        QCOMPARE(sha256FromETag("\"abc\""), QByteArray());
        QVERIFY(isStrongETag("\"a\"") && !isStrongETag("W/\"a\"") && !isStrongETag(""));
    }

    void redirects() {
        const auto may = [](const char* from, const char* to) { return mayRedirect(QUrl(from), QUrl(to)); };
        QVERIFY(may("https://a/x", "https://b/y"));
        QVERIFY(may("http://a/x", "https://b/y"));
        QVERIFY(may("http://a/x", "http://b/y"));
        QVERIFY(!may("https://a/x", "http://b/y"));
        QVERIFY(!may("https://a/x", "http://a/x"));
        QVERIFY(!may("http://a/x", "file:///etc/passwd"));
        QVERIFY(!may("https://a/x", "data:,GGUF"));
    }

    void pages() {
        QCOMPARE(pageOf(QUrl("https://huggingface.co/a/b/resolve/main/m.gguf?x")),
                 QUrl("https://huggingface.co/a/b"));
        QCOMPARE(pageOf(QUrl("https://example.org/x/m.gguf?token=1")), QUrl("https://example.org"));
    }
};

QTEST_GUILESS_MAIN(TestModelLink)
#include "tst_model_link.moc"
