#include "fake_key_store.h"
#include "remote/endpoint_form.h"
#include "remote/remote_engine.h"
#include "remote/remote_models.h"
#include "settings/settings.h"

#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

using namespace altiplano;
using namespace altiplano::app;

namespace {

struct Heard {
    QString text;
    int updates = 0;
    AnswerUpdate last;
    std::optional<engine::events::Finished> finished;
    QString failure;
    bool ended() const { return finished || !failure.isEmpty(); }
};

engine::GenerationRequest ask(const char* text, std::uint32_t tokens) {
    engine::GenerationRequest request;
    request.messages = {{"system", "Answer at length."}, {"user", text}};
    request.maxTokens = tokens;
    request.sampling.temperature = 0;
    request.sampling.seed = 1;
    return request;
}

} // namespace

/// The remote engine against a real llama-server ($ALTIPLANO_LLAMA_SERVER; ./dev llama-server builds one)
/// with the starter model.
class TestLlamaServer : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        const QString program = qEnvironmentVariable("ALTIPLANO_LLAMA_SERVER");
        const QString model = qEnvironmentVariable("ALTIPLANO_STARTER_MODEL");
        if (!QFile::exists(program)) QSKIP("There is no llama-server: ./dev llama-server builds one.");
        if (!QFile::exists(model)) QSKIP("There is no starter model: ./dev test fetches it.");
        QTcpServer free;
        QVERIFY(free.listen(QHostAddress::LocalHost));
        m_port = free.serverPort();
        free.close();
        m_process.setProcessChannelMode(QProcess::MergedChannels);
        m_process.setStandardOutputFile(m_folder.filePath("log"));
        m_process.start(program,
                        {"-m", model, "--host", "127.0.0.1", "--port", QString::number(m_port), "--alias",
                         "starter", "-c", "2048", "-np", "2", "-t", "2", "--api-key", "sk-test"});
        QVERIFY(m_process.waitForStarted());
        QElapsedTimer clock;
        for (clock.start(); clock.elapsed() < 60'000 && !isHealthy();)
            QTest::qWait(100);
        QVERIFY2(isHealthy(), log());
        m_endpoint = m_endpoints.add("Mine", url());
        m_endpoints.setKey(m_endpoint, "sk-test");
        connect(&m_engine, &EnginePort::answered, this, [this](RequestId id, const AnswerUpdate& update) {
            m_heard[id].text += update.text;
            m_heard[id].last = update;
            ++m_heard[id].updates;
        });
        connect(
            &m_engine, &EnginePort::finished, this,
            [this](RequestId id, const engine::events::Finished& result) { m_heard[id].finished = result; });
        connect(&m_engine, &EnginePort::failed, this,
                [this](RequestId id, const engine::events::Failed& failure) {
                    m_heard[id].failure = QString::fromStdString(failure.sentence);
                });
    }
    void cleanupTestCase() {
        m_process.terminate();
        if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(5000)) m_process.kill();
        m_process.waitForFinished(5000);
    }

    void listsItsModels() {
        EndpointForm form(m_endpoints);
        form.begin(m_endpoint);
        form.test();
        QTRY_VERIFY_WITH_TIMEOUT(form.tested(), 10'000);
        QCOMPARE(form.models(), QStringList{"starter"});
        RemoteModels models(m_endpoints);
        models.open(m_endpoint);
        QTRY_VERIFY(m_endpoints.contextTokens({m_endpoint, "starter"}) > 0);
        QCOMPARE(m_endpoints.find(m_endpoint)->server, ServerKind::LlamaServer);
        QSignalSpy loaded(&m_engine, &EnginePort::loaded);
        m_engine.load({RemoteModel{m_endpoint, "starter"}.path()});
        QVERIFY(loaded.wait());
        QCOMPARE(qvariant_cast<ModelInfo>(loaded.first().first()).contextTokens, 1024u); // of 2048, for two
    }

    void streamsAndCounts() {
        const Heard& heard = answer(ask("Why is the sky blue?", 40));
        QVERIFY2(heard.finished, qPrintable(heard.failure));
        QCOMPARE(heard.finished->reason, engine::FinishReason::Length);
        QVERIFY2(heard.text.size() > 40, qPrintable(heard.text));
        QCOMPARE(heard.last.tokens, 40u);
        QVERIFY(heard.finished->timings.promptTokens > 10);
        QCOMPARE(heard.last.contextUsed, heard.finished->timings.promptTokens + 40);
        QVERIFY(heard.last.firstTokenNs > 0 && heard.last.decodeNs > 0);
        QVERIFY(heard.updates > 1);
    }

    void theSameSeedSaysTheSame() {
        engine::GenerationRequest request = ask("Tell me of llamas.", 24);
        request.sampling.temperature = 0.9f;
        request.sampling.seed = 7;
        const QString first = answer(request).text;
        QCOMPARE(answer(request).text, first);
    }

    void stopStringsEndIt() {
        const QString whole = answer(ask("Why is the sky blue?", 30)).text;
        const QString word = whole.mid(whole.indexOf(' ', 20)).trimmed().section(' ', 0, 0);
        QVERIFY(!word.isEmpty());
        engine::GenerationRequest request = ask("Why is the sky blue?", 30);
        request.stopStrings = {word.toStdString()};
        const Heard& heard = answer(request);
        QVERIFY(heard.finished && !heard.text.contains(word));
        QCOMPARE(heard.finished->reason, engine::FinishReason::EndOfTurn);
    }

    /// An answer that was cut goes on where it stopped.
    void continues() {
        const QString whole = answer(ask("Why is the sky blue?", 24)).text;
        engine::GenerationRequest request = ask("Why is the sky blue?", 8);
        const QString half = whole.left(whole.size() / 2);
        request.answerSoFar = half.toStdString();
        const Heard& heard = answer(request);
        QVERIFY2(heard.finished, qPrintable(heard.failure));
        QVERIFY2(!heard.text.startsWith(whole.left(12)), qPrintable(heard.text)); // it does not begin anew
        QVERIFY(!heard.text.isEmpty());
    }

    /// The server is free at once for others: it does not go on for nobody.
    void stopsAtOnce() {
        const RequestId id = m_engine.submit(ask("Count to a thousand.", 900));
        QTRY_VERIFY_WITH_TIMEOUT(!m_heard[id].text.isEmpty(), 20'000);
        m_engine.stop(id);
        QTRY_VERIFY(m_heard[id].ended());
        QCOMPARE(m_heard[id].finished->reason, engine::FinishReason::Stopped);
        QVERIFY(m_heard[id].last.tokens < 900);
        QVERIFY(answer(ask("Hello", 4)).finished);
    }

    void twoAtOnce() {
        const RequestId one = m_engine.submit(ask("Why is the sky blue?", 16));
        const RequestId two = m_engine.submit(ask("Tell me of llamas.", 16));
        QTRY_VERIFY_WITH_TIMEOUT(m_heard[one].ended() && m_heard[two].ended(), 30'000);
        QVERIFY(m_heard[one].finished && m_heard[two].finished);
        QVERIFY(m_heard[one].text != m_heard[two].text);
    }

    void tooLongForTheContext() {
        const std::string words = QStringLiteral("word ").repeated(3000).toStdString();
        const Heard& heard = answer(ask(words.c_str(), 8));
        QVERIFY2(heard.failure.contains("too long for this model"), qPrintable(heard.failure));
    }

    void aWrongKey() {
        m_endpoints.setKey(m_endpoint, "sk-wrong");
        QVERIFY(answer(ask("Hello", 4)).failure.contains("does not accept the key (401)"));
        m_endpoints.setKey(m_endpoint, {});
        QVERIFY(answer(ask("Hello", 4)).failure.contains("wants a key (401)"));
        m_endpoints.setKey(m_endpoint, "sk-test");
    }

    void aWrongPath() {
        const QString id = m_endpoints.add("Wrong", url("/api"));
        m_endpoints.setKey(id, "sk-test");
        EndpointForm form(m_endpoints);
        form.begin(id);
        form.test();
        QTRY_VERIFY_WITH_TIMEOUT(form.problem().contains("try http://127.0.0.1"), 10'000);
        m_endpoints.remove(id);
    }

    /// It dies in the middle of an answer.
    void goneInTheMiddle() {
        const RequestId id = m_engine.submit(ask("Count to a thousand.", 900));
        QTRY_VERIFY_WITH_TIMEOUT(!m_heard[id].text.isEmpty(), 20'000);
        const QString sofar = m_heard[id].text;
        m_process.kill();
        QVERIFY(m_process.waitForFinished());
        QTRY_VERIFY(m_heard[id].ended());
        QVERIFY2(m_heard[id].failure.contains("What came is kept"), qPrintable(m_heard[id].failure));
        QVERIFY(m_heard[id].text.startsWith(sofar));
        QVERIFY(answer(ask("Hello", 4)).failure.startsWith("Nothing answers at"));
    }

private:
    QUrl url(const QString& path = QStringLiteral("/v1")) const {
        return QUrl(QStringLiteral("http://127.0.0.1:%1%2").arg(m_port).arg(path));
    }
    bool isHealthy() const {
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, m_port);
        if (!socket.waitForConnected(500)) return false;
        socket.write("GET /health HTTP/1.0\r\n\r\n");
        return socket.waitForReadyRead(2000) && socket.readAll().contains(" 200 ");
    }
    const char* log() {
        QFile file(m_folder.filePath("log"));
        m_log = file.open(QIODevice::ReadOnly) ? file.readAll().right(2000) : "no log";
        return m_log.constData();
    }
    const Heard& answer(engine::GenerationRequest request) {
        const RequestId id = m_engine.submit(std::move(request));
        [&] { QTRY_VERIFY_WITH_TIMEOUT(m_heard[id].ended(), 60'000); }();
        return m_heard[id];
    }

    QTemporaryDir m_folder;
    QByteArray m_log;
    QProcess m_process;
    quint16 m_port = 0;
    Settings m_settings{m_folder.filePath("settings.ini")};
    FakeKeyStore m_keys;
    Endpoints m_endpoints{m_settings, m_keys};
    RemoteEngine m_engine{m_endpoints};
    QString m_endpoint;
    QMap<RequestId, Heard> m_heard;
};

QTEST_GUILESS_MAIN(TestLlamaServer)
#include "tst_llama_server.moc"
