#include "download_fixture.h"

#include "support/random.h"

using namespace altiplano::app;
using Answer = HttpServer::Answer;

/// One file, from a server on this machine: whole, in pieces, after drops and stalls, in another run.
class TestDownload : public QObject, DownloadFixture {
    Q_OBJECT
private slots:
    void init() { reset(); }

    void wholeFile() {
        const auto download = begin();
        QVERIFY(ends(*download, DownloadState::Done));
        QCOMPARE(fileBytes(path()), m_body);
        QCOMPARE(download->size(), m_body.size());
        QCOMPARE(files(), QStringList{kName}); // nothing of the part is left
        QVERIFY(!download->isVerified());      // nobody told a checksum
        QCOMPARE(m_server->requests.size(), 1);
        QCOMPARE(m_server->requests[0].headers.value("accept-encoding"), QByteArray("identity"));
        QVERIFY(!m_server->requests[0].headers.contains("cookie"));
    }

    void withoutALength() {
        Answer answer{200, m_body, kETag};
        answer.saidLength = HttpServer::kNoLength;
        serve(answer);
        QVERIFY(ends(*begin(), DownloadState::Done));
        QCOMPARE(fileBytes(path()), m_body);
    }

    /// Breaks off at random places, with each kind of validator; sometimes the app is started anew.
    void dropsAnywhere() {
        auto random = altiplano::test::seededRandom();
        for (int round = 0; round < 15; ++round) {
            reset();
            m_body = ggufBytes(static_cast<qsizetype>(4 + random() % 200'000), random());
            Answer answer{200, m_body, {}};
            const bool byETag = random() % 2;
            if (byETag)
                answer.etag = kETag;
            else
                answer.headers << "Last-Modified: Tue, 15 Nov 1994 12:45:26 GMT";
            QList<qint64> cuts;
            for (quint64 i = 0, count = 1 + random() % 4; i < count; ++i)
                cuts << static_cast<qint64>(random() % static_cast<quint64>(m_body.size()));
            m_server->answer = [=, left = cuts](const HttpServer::Request& request) mutable {
                Answer now = answer;
                if (!left.isEmpty()) now.cutAfter = std::max<qint64>(0, left.takeFirst() - request.from());
                return now;
            };
            auto download = begin();
            if (random() % 2) { // another run of the app, after the first cut
                QTRY_VERIFY(m_server->requests.size() == 2 || download->state() == DownloadState::Done);
                if (download->state() != DownloadState::Done) download = begin();
            }
            QVERIFY2(ends(*download, DownloadState::Done), qPrintable(download->failure().sentence()));
            QCOMPARE(fileBytes(path()), m_body);
        }
    }

    void resumesWhereItWas() {
        Answer cut{200, m_body, kETag};
        cut.cutAfter = 100'000;
        m_server->answer = [&](const auto&) { return m_server->requests.size() == 1 ? cut : whole(); };
        QVERIFY(ends(*begin(), DownloadState::Done));
        QCOMPARE(fileBytes(path()), m_body);
        QCOMPARE(m_server->requests.size(), 2);
        QCOMPARE(m_server->requests[1].headers.value("range"), QByteArray("bytes=100000-"));
        QCOMPARE(m_server->requests[1].headers.value("if-range"), kETag);
    }

    void pauseAndAnotherRunOfTheApp() {
        Answer slow{200, m_body, kETag};
        slow.pieceBytes = 10'000;
        slow.pieceMs = 5;
        serve(slow);
        {
            const auto download = begin();
            QTRY_VERIFY(download->received() >= 30'000);
            download->pause();
            QCOMPARE(download->state(), DownloadState::Paused);
            const qint64 there = download->received();
            QTest::qWait(50);
            QCOMPARE(download->received(), there);
            QCOMPARE(files(), (QStringList{"model.gguf.part", "model.gguf.part.json"}));
        }
        const auto download = make();
        QCOMPARE(download->size(), m_body.size()); // known without asking
        QVERIFY(download->received() >= 30'000);
        QCOMPARE(m_server->requests.size(), 1);
        download->start();
        QVERIFY(ends(*download, DownloadState::Done));
        QCOMPARE(fileBytes(path()), m_body);
        QVERIFY(m_server->requests[1].from() >= 30'000);
    }

    void aServerThatIgnoresRanges() {
        Answer cut{200, m_body, kETag};
        cut.ranges = false;
        cut.cutAfter = 100'000;
        m_server->answer = [&](const auto&) {
            if (m_server->requests.size() > 1) cut.cutAfter = -1;
            return cut;
        };
        QVERIFY(ends(*begin(), DownloadState::Done));
        QCOMPARE(fileBytes(path()), m_body);
    }

    void theFileOnTheServerChanges_data() {
        QTest::addColumn<bool>("minds");
        QTest::newRow("If-Range is honoured") << true;
        QTest::newRow("If-Range is ignored") << false;
    }
    void theFileOnTheServerChanges() {
        QFETCH(const bool, minds);
        const QByteArray changed = ggufBytes(250'000, 9);
        Answer cut{200, m_body, kETag};
        cut.cutAfter = 100'000;
        m_server->answer = [&](const HttpServer::Request& request) {
            if (m_server->requests.size() == 1) return cut;
            Answer answer{200, changed, "\"two\""};
            if (!minds)
                answer.headers << "Last-Modified: " + request.headers.value("if-range"); // makes it fit
            return answer;
        };
        QVERIFY(ends(*begin(), DownloadState::Done));
        QCOMPARE(fileBytes(path()), changed);
    }

    void checksum_data() {
        QTest::addColumn<bool>("right");
        QTest::addColumn<bool>("resumed");
        QTest::newRow("right") << true << false;
        QTest::newRow("right, in two pieces and two runs") << true << true;
        QTest::newRow("wrong") << false << false;
        QTest::newRow("wrong, in two pieces and two runs") << false << true;
    }
    /// As Hugging Face tells it: on the way to another address.
    void checksum() {
        QFETCH(const bool, right);
        QFETCH(const bool, resumed);
        const QByteArray sha256 = digits(right ? m_body : ggufBytes(300'000, 8));
        m_server->answer = [&, n = 0](const HttpServer::Request& request) mutable {
            if (request.target == "/model.gguf") {
                Answer redirect{302, {}, {}};
                redirect.headers << "Location: /store/abc?x=y"
                                 << "X-Linked-Size: 300000"
                                 << "X-Linked-ETag: \"" + sha256 + '"';
                return redirect;
            }
            Answer answer = whole();
            if (resumed && ++n == 1) answer.stallAfter = 120'000;
            return answer;
        };
        auto download = begin();
        if (resumed) {
            QTRY_COMPARE(download->received(), 120'000);
            download = begin();
        }
        QVERIFY(ends(*download, right ? DownloadState::Done : DownloadState::Failed));
        QCOMPARE(download->isVerified(), right);
        QCOMPARE(files(), right ? QStringList{kName} : QStringList());
        if (right) {
            QCOMPARE(fileBytes(path()), m_body);
            return;
        }
        QCOMPARE(download->failure().kind, DownloadFailure::WrongChecksum);
        QCOMPARE(download->failure().wayOn(), WayOn::StartOver);
    }

    void troubleUnderWayPasses() {
        Answer cut{200, m_body, kETag};
        cut.cutAfter = 100'000;
        m_server->answer = [&](const auto&) {
            const auto n = m_server->requests.size();
            return n == 1 ? cut : n < 4 ? Answer{503, "busy", {}} : whole();
        };
        QVERIFY(ends(*begin(), DownloadState::Done));
        QCOMPARE(fileBytes(path()), m_body);
    }

    void stalls() {
        m_options.stallMs = 300;
        Answer stalled{200, m_body, kETag};
        stalled.stallAfter = 50'000;
        m_server->answer = [&](const auto&) { return m_server->requests.size() == 1 ? stalled : whole(); };
        QVERIFY(ends(*begin(), DownloadState::Done));
        QCOMPARE(fileBytes(path()), m_body);
        QVERIFY(m_server->requests[1].from() == 50'000);

        reset();
        m_options.stallMs = 100;
        stalled.stallAfter = 0;
        serve(stalled);
        fails(DownloadFailure::Stalled, WayOn::TryAgain);
    }

    void aTrickleIsNoStall() {
        m_options.stallMs = 1500;
        Answer slow{200, m_body, kETag};
        slow.pieceBytes = 30'000;
        slow.pieceMs = 200; // 2 s in all
        serve(slow);
        QVERIFY(ends(*begin(), DownloadState::Done));
        QCOMPARE(m_server->requests.size(), 1);
    }

    void theServerMayNameTheFile() {
        Answer answer = whole();
        answer.headers << "Content-Disposition: attachment; filename=\"../../better.gguf\"";
        serve(answer);
        QVERIFY(ends(*begin(), DownloadState::Done));
        QCOMPARE(files(), QStringList{"better.gguf"});
        QCOMPARE(fileBytes(m_folder->filePath("better.gguf")), m_body);
    }

    void discarded() {
        Answer stalled = whole();
        stalled.stallAfter = 1000;
        serve(stalled);
        const auto download = begin();
        QTRY_COMPARE(download->received(), 1000);
        download->discard();
        QCOMPARE(files(), QStringList());
    }
};

QTEST_GUILESS_MAIN(TestDownload)
#include "tst_download.moc"
