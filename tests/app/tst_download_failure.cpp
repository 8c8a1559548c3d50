#include "download_fixture.h"

using namespace altiplano::app;
using Answer = HttpServer::Answer;

/// Servers that refuse or lie, disks that are full, names that are taken: each is told, and nothing is lost.
class TestDownloadFailure : public QObject, DownloadFixture {
    Q_OBJECT
private slots:
    void init() { reset(); }

    void changesAtEachRequest() {
        int version = 0;
        m_server->answer = [&](const HttpServer::Request& request) {
            Answer answer{200, m_body, "\"v" + QByteArray::number(++version) + '"'};
            answer.headers << "Last-Modified: " + request.headers.value("if-range");
            answer.cutAfter = 1000;
            return answer;
        };
        fails(DownloadFailure::Changing, WayOn::TryAgain);
    }

    void lengths_data() {
        QTest::addColumn<QByteArray>("linkedSize");
        QTest::addColumn<qint64>("saidLength");
        QTest::addColumn<int>("kind");
        QTest::newRow("less than announced")
            << QByteArray("300001") << HttpServer::kTrueLength << int(DownloadFailure::WrongLength);
        QTest::newRow("more than announced")
            << QByteArray("299999") << HttpServer::kTrueLength << int(DownloadFailure::WrongLength);
        QTest::newRow("more, without a length")
            << QByteArray("299999") << HttpServer::kNoLength << int(DownloadFailure::WrongLength);
        QTest::newRow("less than its own length")
            << QByteArray("300001") << qint64(300'001) << int(DownloadFailure::Dropped);
    }
    void lengths() {
        QFETCH(const QByteArray, linkedSize);
        QFETCH(const qint64, saidLength);
        QFETCH(const int, kind);
        Answer answer{200, m_body, kETag};
        answer.ranges = false;
        answer.saidLength = saidLength;
        answer.headers << "X-Linked-Size: " + linkedSize;
        serve(answer);
        fails(static_cast<DownloadFailure::Kind>(kind));
        QVERIFY(!QFile::exists(path()));
    }

    void notAModel_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<int>("kind");
        QTest::newRow("page") << QByteArray("<!doctype html><p>Sign in") << QByteArray("text/html")
                              << int(DownloadFailure::WebPage);
        QTest::newRow("page that says it is a file")
            << QByteArray("\n<html>") << QByteArray("application/octet-stream")
            << int(DownloadFailure::WebPage);
        QTest::newRow("another file") << QByteArray("PK\x03\x04 something") << QByteArray("application/zip")
                                      << int(DownloadFailure::NotGguf);
        QTest::newRow("too short") << QByteArray("GG") << QByteArray("text/plain")
                                   << int(DownloadFailure::NotGguf);
        QTest::newRow("empty") << QByteArray() << QByteArray("text/plain") << int(DownloadFailure::NotGguf);
    }
    void notAModel() {
        QFETCH(const QByteArray, body);
        QFETCH(const QByteArray, type);
        QFETCH(const int, kind);
        Answer answer{200, body, kETag};
        answer.headers << "Content-Type: " + type;
        serve(answer);
        fails(static_cast<DownloadFailure::Kind>(kind));
        QCOMPARE(files(), QStringList());
    }

    void statuses_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("wayOn");
        QTest::newRow("401") << 401 << int(DownloadFailure::SignInNeeded) << int(WayOn::OpenPage);
        QTest::newRow("403") << 403 << int(DownloadFailure::Forbidden) << int(WayOn::OpenPage);
        QTest::newRow("404") << 404 << int(DownloadFailure::NotFound) << int(WayOn::OpenPage);
        QTest::newRow("410") << 410 << int(DownloadFailure::NotFound) << int(WayOn::OpenPage);
        QTest::newRow("418") << 418 << int(DownloadFailure::Refused) << int(WayOn::OtherLink);
        QTest::newRow("429") << 429 << int(DownloadFailure::TooMany) << int(WayOn::TryAgain);
        QTest::newRow("500") << 500 << int(DownloadFailure::ServerTrouble) << int(WayOn::TryAgain);
        QTest::newRow("503") << 503 << int(DownloadFailure::ServerTrouble) << int(WayOn::TryAgain);
    }
    void statuses() {
        QFETCH(const int, status);
        QFETCH(const int, kind);
        QFETCH(const int, wayOn);
        serve({status, "<html>GGUF", {}});
        fails(static_cast<DownloadFailure::Kind>(kind), static_cast<WayOn::Value>(wayOn));
        QCOMPARE(m_server->requests.size(), 1); // what fails at once is not asked again
        QCOMPARE(files(), QStringList());
    }

    void eachFailureHasItsSentence() {
        QSet<QString> sentences;
        for (int kind = DownloadFailure::Unreachable; kind <= DownloadFailure::NameTaken; ++kind) {
            const DownloadFailure failure{static_cast<DownloadFailure::Kind>(kind), "example.org", "x", 10,
                                          20};
            QVERIFY2(failure.sentence().size() > 30, qPrintable(QString::number(kind)));
            QVERIFY(!failure.sentence().contains("%1"));
            QVERIFY(failure.wayOn() != WayOn::NoWay);
            sentences << failure.sentence();
        }
        QCOMPARE(sentences.size(), int(DownloadFailure::NameTaken));
    }

    void dropsForEver() {
        Answer cut{200, m_body, kETag};
        cut.cutAfter = 10;
        m_server->answer = [&](const auto&) { return cut; };
        fails(DownloadFailure::Dropped, WayOn::TryAgain);
        QCOMPARE(m_server->requests.size(), 5); // once, and after each of four pauses
        QCOMPARE(files(), (QStringList{"model.gguf.part", "model.gguf.part.json"})); // kept for the next try
    }

    void nobodyThere() {
        m_server->close();
        fails(DownloadFailure::Unreachable, WayOn::TryAgain);
    }

    void redirects_data() {
        QTest::addColumn<QByteArray>("location");
        QTest::addColumn<int>("kind");
        QTest::newRow("round and round") << QByteArray("/model.gguf") << int(DownloadFailure::RedirectLoop);
        QTest::newRow("to a file here") << QByteArray("file:///etc/passwd") << int(DownloadFailure::Insecure);
        QTest::newRow("to nowhere") << QByteArray("http://") << int(DownloadFailure::Insecure);
    }
    void redirects() {
        QFETCH(const QByteArray, location);
        QFETCH(const int, kind);
        Answer answer{302, {}, {}};
        answer.headers << "Location: " + location;
        serve(answer);
        fails(static_cast<DownloadFailure::Kind>(kind));
        QVERIFY(m_server->requests.size() <= 11);
    }

    void diskFull() {
        m_options.freeBytes = [](const QString&) { return qint64(1000); };
        const auto download = fails(DownloadFailure::DiskFull, WayOn::TryAgain);
        QVERIFY(download->failure().sentence().contains(formatBytes(1000)));
        m_options.freeBytes = [](const QString&) { return qint64(1) << 40; };
        download->start();
        QVERIFY(ends(*download, DownloadState::Done));
    }

    void diskFillsUnderWay() {
        qint64 free = qint64(1) << 40;
        m_options.freeBytes = [&free](const QString&) { return free; };
        m_body = ggufBytes(80'000'000, 3);
        Answer answer = whole();
        answer.pieceBytes = 4'000'000;
        answer.pieceMs = 1;
        serve(answer);
        const auto download = begin();
        QTRY_VERIFY(download->received() > 0);
        free = 1000;
        QVERIFY(ends(*download, DownloadState::Failed));
        QCOMPARE(download->failure().kind, DownloadFailure::DiskFull);
        const qint64 kept = download->received();
        QVERIFY(kept > 0 && kept < m_body.size());
        free = qint64(1) << 40;
        download->start();
        QVERIFY(ends(*download, DownloadState::Done));
        QVERIFY(fileBytes(path()) == m_body);
        QCOMPARE(m_server->requests[1].from(), kept);
    }

    void aFolderThatCannotBe() {
        QFile file(m_folder->filePath("file"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        Download download(m_server->url("/model.gguf"), file.fileName(), kName, network(), m_options);
        download.start();
        QVERIFY(ends(download, DownloadState::Failed));
        QCOMPARE(download.failure().kind, DownloadFailure::CannotWrite);
    }

    void whatIsThereStays() {
        QFile file(path());
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("mine") == 4);
        file.close();
        fails(DownloadFailure::NameTaken, WayOn::KeepBoth);
        QCOMPARE(fileBytes(path()), QByteArray("mine"));
        QVERIFY(m_server->requests.isEmpty());
    }

    void whatComesMeanwhileStays() {
        m_server->answer = [this](const auto&) {
            QFile file(path());
            if (!file.open(QIODevice::WriteOnly) || file.write("mine") != 4) qFatal("no file");
            return whole();
        };
        fails(DownloadFailure::NameTaken, WayOn::KeepBoth);
        QCOMPARE(fileBytes(path()), QByteArray("mine"));
        QCOMPARE(m_server->requests.size(), 1);
    }

    void aPartOfAnotherLinkStays() {
        Answer stalled = whole();
        stalled.stallAfter = 1000;
        serve(stalled);
        {
            const auto other = begin("/other/model.gguf");
            QTRY_COMPARE(other->received(), 1000);
        }
        const QByteArray before = fileBytes(path() + ".part");
        fails(DownloadFailure::NameTaken, WayOn::KeepBoth);
        QCOMPARE(fileBytes(path() + ".part"), before);
    }
};

QTEST_GUILESS_MAIN(TestDownloadFailure)
#include "tst_download_failure.moc"
