#include "fake_key_store.h"
#include "remote/chat_body.h"
#include "remote/endpoints.h"
#include "remote/remote_engine.h"
#include "scripted_server.h"
#include "settings/settings.h"
#include "support/random.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslServer>
#include <QSslSocket>
#include <QTemporaryDir>
#include <QTest>

using namespace altiplano;
using namespace altiplano::app;

namespace {

/// What an answer came to.
struct Heard {
    QString text;
    QStringList pieces;
    AnswerUpdate last;
    std::optional<engine::events::Finished> finished;
    QString failure;
    int ends = 0;
};

/// Made for this test; signed by itself.
const QByteArray kCertificate = R"(-----BEGIN CERTIFICATE-----
MIIBkDCCATagAwIBAgIUN/+3exzqIqA4v21ovusk5j1hQGkwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyNzIzNTYyNloYDzIxMjYxMTAz
MjM1NjI2WjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAR/CR5EWRyDDT2b1SJe26n07HhUdCj1OyEaA76tZQf2mtcAYmH+sjlN
uFwxFjGoXpRoY4B8RoOoOxsuloGgznuMo2QwYjAdBgNVHQ4EFgQUQsltLbx3WGry
B8ha9bShoaAI7gIwHwYDVR0jBBgwFoAUQsltLbx3WGryB8ha9bShoaAI7gIwDwYD
VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0gAMEUC
IDDytTxi/OXnFNxJ2fBJW9m/fzjVAGao9Se0d7vX2MetAiEAxnCeSWw/U+S1Zsyn
9mqNLKfbetf7N5sjjpNx/iyKkVw=
-----END CERTIFICATE-----)";
const QByteArray kPrivateKey = R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgAXAq9NMRKXD940Gy
DrlPPuZ9Z+z9PPtAAYbXKV+7o2ChRANCAAR/CR5EWRyDDT2b1SJe26n07HhUdCj1
OyEaA76tZQf2mtcAYmH+sjlNuFwxFjGoXpRoY4B8RoOoOxsuloGgznuM
-----END PRIVATE KEY-----)";

engine::GenerationRequest ask(const char* text) {
    engine::GenerationRequest request;
    request.messages = {{"user", text}};
    return request;
}

/// A remote engine with one endpoint at a scripted server, and a model loaded.
struct Session {
    explicit Session(const RemoteTimes& times = {})
        : settings(folder.filePath(QStringLiteral("settings.ini"))), endpoints(settings, keys),
          engine(endpoints, times) {
        QObject::connect(&engine, &EnginePort::answered, &engine,
                         [this](RequestId id, const AnswerUpdate& update) {
                             heard[id].text += update.text;
                             heard[id].pieces << update.text;
                             heard[id].last = update;
                         });
        QObject::connect(&engine, &EnginePort::finished, &engine,
                         [this](RequestId id, const engine::events::Finished& result) {
                             heard[id].finished = result;
                             ++heard[id].ends;
                         });
        QObject::connect(&engine, &EnginePort::failed, &engine,
                         [this](RequestId id, const engine::events::Failed& failure) {
                             heard[id].failure = QString::fromStdString(failure.sentence);
                             ++heard[id].ends;
                         });
        use(server.url());
    }

    void use(const QUrl& url) {
        endpoint = endpoints.add(QStringLiteral("Mine"), url);
        engine.load({RemoteModel{endpoint, QStringLiteral("tiny")}.path()});
        QSignalSpy loaded(&engine, &EnginePort::loaded);
        QVERIFY(loaded.wait());
    }
    void answerWith(const ScriptedServer::Answer& answer) { server.on("/v1/chat/completions", answer); }
    RequestId submit(engine::GenerationRequest request = ask("Hello")) {
        return engine.submit(std::move(request));
    }
    const Heard& wholeAnswer(RequestId id) {
        [&] { QTRY_COMPARE_WITH_TIMEOUT(heard[id].ends, 1, 10'000); }();
        QTest::qWait(20); // nothing more is to come
        return heard[id];
    }
    const Heard& answer() { return wholeAnswer(submit()); }
    QString failure() { return answer().failure; }
    QString host() const { return QStringLiteral("127.0.0.1:%1").arg(server.serverPort()); }

    QTemporaryDir folder;
    Settings settings;
    FakeKeyStore keys;
    Endpoints endpoints;
    ScriptedServer server;
    RemoteEngine engine;
    QString endpoint;
    QMap<RequestId, Heard> heard;
};

const RemoteTimes kShort{std::chrono::seconds(1), std::chrono::seconds(1), std::chrono::seconds(1),
                         std::chrono::seconds(1)};

QByteArray chunk(const QJsonObject& delta) {
    return "data: " +
           QJsonDocument(QJsonObject{{"choices", QJsonArray{QJsonObject{{"delta", delta}}}}})
               .toJson(QJsonDocument::Compact) +
           "\n\n";
}

QJsonObject bodyOf(const engine::GenerationRequest& request, ServerKind server = ServerKind::Plain) {
    return QJsonDocument::fromJson(chatBody(request, QStringLiteral("tiny"), server)).object();
}

} // namespace

class TestRemoteEngine : public QObject {
    Q_OBJECT
private slots:
    void loadingContactsNobody() {
        Session s;
        QTest::qWait(50);
        QCOMPARE(s.server.accepted(), 0);
        QCOMPARE(s.keys.calls, 0);
    }

    void aRemovedEndpointIsASentence() {
        Session s;
        const QString path = RemoteModel{s.endpoint, QStringLiteral("tiny")}.path();
        s.endpoints.remove(s.endpoint);
        QVERIFY(s.failure().contains("endpoint was removed"));
        QSignalSpy failed(&s.engine, &EnginePort::loadFailed);
        s.engine.load({path});
        QVERIFY(failed.isEmpty());
        QVERIFY(failed.wait());
    }

    void streams() {
        Session s;
        s.answerWith(ScriptedServer::stream(": hello\n\n" + ScriptedServer::delta("Hel") +
                                            ScriptedServer::delta("lo.") + ScriptedServer::finish("stop") +
                                            ScriptedServer::usage(12, 3) + "data: [DONE]\n\n"));
        const Heard& heard = s.answer();
        QCOMPARE(heard.failure, QString());
        QCOMPARE(heard.text, QStringLiteral("Hello."));
        QCOMPARE(heard.finished->reason, engine::FinishReason::EndOfTurn);
        QCOMPARE(heard.last.tokens, 3u);
        QCOMPARE(heard.last.contextUsed, 15u);
        QCOMPARE(heard.finished->timings.promptTokens, 12u);
        QVERIFY(heard.last.firstTokenNs > 0);
        QCOMPARE(s.server.requests().size(), 1);
        const ScriptedServer::Request& request = s.server.requests().first();
        QCOMPARE(request.method, "POST");
        QCOMPARE(request.json()["model"].toString(), "tiny");
        QVERIFY(request.json()["stream"].toBool());
        QVERIFY(!request.headers.contains("authorization"));
    }

    /// Counts that the server does not give are not made up.
    void unknownCountsStayUnknown() {
        Session s;
        s.answerWith(ScriptedServer::stream(ScriptedServer::delta("Hello") + ScriptedServer::finish("stop") +
                                            "data: [DONE]\n\n"));
        const Heard& heard = s.answer();
        QCOMPARE(heard.last.tokens, 0u);
        QCOMPARE(heard.last.contextUsed, 0u);
        QVERIFY(heard.last.firstTokenNs > 0);
        QCOMPARE(s.engine.countTokens("Hello"), RequestId{0});
    }

    void finishReasons_data() {
        QTest::addColumn<QByteArray>("end");
        QTest::addColumn<int>("reason"); // -1: fails
        QTest::newRow("stop") << ScriptedServer::finish("stop") << int(engine::FinishReason::EndOfTurn);
        QTest::newRow("length") << ScriptedServer::finish("length") << int(engine::FinishReason::Length);
        QTest::newRow("only done") << QByteArray("data: [DONE]\n\n") << int(engine::FinishReason::EndOfTurn);
        QTest::newRow("done without an empty line")
            << QByteArray("data: [DONE]") << int(engine::FinishReason::EndOfTurn);
        QTest::newRow("filter") << ScriptedServer::finish("content_filter") << -1;
        QTest::newRow("nothing") << QByteArray() << -1;
    }
    void finishReasons() {
        QFETCH(const QByteArray, end);
        QFETCH(const int, reason);
        Session s;
        s.answerWith(ScriptedServer::stream(ScriptedServer::delta("Hello") + end));
        const Heard& heard = s.answer();
        QCOMPARE(heard.text, QStringLiteral("Hello"));
        QCOMPARE(heard.finished ? int(heard.finished->reason) : -1, reason);
    }

    /// The connection stays open after the answer: that is no stall.
    void aConnectionThatStaysOpenAfterTheEnd() {
        Session s(RemoteTimes{});
        s.answerWith([](QTcpSocket& socket, const auto&) {
            ScriptedServer::beginStream(socket);
            socket.write(ScriptedServer::delta("Hi") + ScriptedServer::finish("stop") + "data: [DONE]\n\n");
        });
        const Heard& heard = s.answer();
        QCOMPARE(heard.failure, QString());
        QCOMPARE(heard.text, QStringLiteral("Hi"));
    }

    void thoughtsAreSetOff() {
        Session s;
        s.answerWith(ScriptedServer::stream(chunk({{"reasoning_content", "Let me "}}) +
                                            chunk({{"reasoning", "see."}}) + ScriptedServer::delta("Four.") +
                                            ScriptedServer::finish("stop")));
        QCOMPARE(s.answer().text, QStringLiteral("<think>\nLet me see.\n</think>\n\nFour."));
    }

    void aThoughtAloneIsClosed() {
        Session s;
        s.answerWith(
            ScriptedServer::stream(chunk({{"reasoning_content", "Hm."}}) + ScriptedServer::finish("stop")));
        QCOMPARE(s.answer().text, QStringLiteral("<think>\nHm.\n</think>\n\n"));
    }

    void aServerThatDoesNotStream() {
        Session s;
        s.answerWith(ScriptedServer::reply(
            200,
            R"({"choices":[{"message":{"role":"assistant","content":"All at once."},"finish_reason":"stop"}],
                     "usage":{"prompt_tokens":5,"completion_tokens":4}})"));
        const Heard& heard = s.answer();
        QCOMPARE(heard.text, QStringLiteral("All at once."));
        QCOMPARE(heard.last.tokens, 4u);
    }

    /// Random text, cut at random into deltas and again into packets, arrives as it was, never with half a
    /// character at a piece's end.
    void anyTextCutAnywhere() {
        std::mt19937_64 random = test::seededRandom();
        const QStringList parts{"a",
                                "Wort ",
                                "ä",
                                "€",
                                "\n",
                                "\"",
                                "\\",
                                QString::fromUtf8("\xF0\x9F\xA6\x99"),
                                QString::fromUtf8("你好"),
                                "data: ",
                                "\r\n"};
        for (int round = 0; round < 8; ++round) {
            QString text;
            for (int i = 0; i < 60; ++i)
                text += parts[static_cast<qsizetype>(random() % static_cast<quint64>(parts.size()))];
            QByteArray stream;
            for (qsizetype at = 0; at < text.size();) { // surrogate pairs are cut, too, as escapes
                const auto size = static_cast<qsizetype>(1 + random() % 4);
                QByteArray escaped;
                for (const QChar c : text.mid(at, size))
                    escaped += "\\u" + QByteArray::number(c.unicode(), 16).rightJustified(4, '0');
                stream += "data: {\"choices\":[{\"delta\":{\"content\":\"" + escaped + "\"}}]}\r\n\r\n";
                at += size;
            }
            stream += ScriptedServer::finish("stop");
            Session s;
            s.answerWith([&](QTcpSocket& socket, const auto&) {
                ScriptedServer::beginStream(socket);
                for (qsizetype at = 0; at < stream.size();) {
                    const auto size = static_cast<qsizetype>(1 + random() % 40);
                    socket.write(stream.mid(at, size));
                    socket.flush();
                    at += size;
                }
                socket.disconnectFromHost();
            });
            const Heard& heard = s.answer();
            QCOMPARE(heard.text, text);
            for (const QString& piece : heard.pieces)
                QVERIFY(piece.isEmpty() || !piece.back().isHighSurrogate());
        }
    }

    void stopEndsTheConnectionAtOnce() {
        Session s;
        s.answerWith([](QTcpSocket& socket, const auto&) {
            ScriptedServer::beginStream(socket);
            socket.write(ScriptedServer::delta("On and on"));
        });
        const RequestId id = s.submit();
        QTRY_COMPARE(s.heard[id].text, QStringLiteral("On and on"));
        QCOMPARE(s.server.connections(), 1);
        QElapsedTimer clock;
        clock.start();
        s.engine.stop(id);
        QCOMPARE(s.heard[id].ends, 0); // never from inside the call
        QTRY_COMPARE(s.server.connections(), 0);
        const Heard& heard = s.wholeAnswer(id);
        QCOMPARE(heard.finished->reason, engine::FinishReason::Stopped);
        QCOMPARE(heard.text, QStringLiteral("On and on"));
    }

    void stopBeforeAnythingCame() {
        Session s;
        s.answerWith([](QTcpSocket&, const auto&) {});
        const RequestId early = s.submit();
        s.engine.stop(early); // the key was not even read
        QCOMPARE(s.wholeAnswer(early).finished->reason, engine::FinishReason::Stopped);
        QCOMPARE(s.server.accepted(), 0);
        const RequestId id = s.submit();
        QTRY_COMPARE(s.server.requests().size(), 1);
        s.engine.stop(id);
        QCOMPARE(s.wholeAnswer(id).finished->reason, engine::FinishReason::Stopped);
        QTRY_COMPARE(s.server.connections(), 0);
    }

    void unloadStopsAllAnswers() {
        Session s;
        s.answerWith([](QTcpSocket& socket, const auto&) { ScriptedServer::beginStream(socket); });
        const RequestId one = s.submit(), two = s.submit();
        QTRY_COMPARE(s.server.connections(), 2);
        QSignalSpy unloaded(&s.engine, &EnginePort::unloaded);
        s.engine.unload();
        QVERIFY(unloaded.wait());
        QCOMPARE(s.heard[one].finished->reason, engine::FinishReason::Stopped);
        QCOMPARE(s.heard[two].finished->reason, engine::FinishReason::Stopped);
        QTRY_COMPARE(s.server.connections(), 0);
        QVERIFY(!s.failure().isEmpty());
    }

    void severalAtOnce() {
        Session s;
        s.answerWith([](QTcpSocket& socket, const ScriptedServer::Request& request) {
            const QString said =
                request.json()["messages"].toArray().first().toObject()["content"].toString();
            ScriptedServer::stream(ScriptedServer::delta(said) + ScriptedServer::finish("stop"))(socket,
                                                                                                 request);
        });
        const RequestId one = s.submit(ask("one")), two = s.submit(ask("two"));
        QCOMPARE(s.wholeAnswer(one).text, QStringLiteral("one"));
        QCOMPARE(s.wholeAnswer(two).text, QStringLiteral("two"));
    }

    void destroyedWhileItStreams() {
        auto s = std::make_unique<Session>();
        s->answerWith([](QTcpSocket& socket, const auto&) {
            ScriptedServer::beginStream(socket);
            socket.write(ScriptedServer::delta("Hi"));
        });
        const RequestId id = s->submit();
        QTRY_COMPARE(s->heard[id].text, QStringLiteral("Hi"));
        s->submit();
        s.reset();
        QTest::qWait(20);
    }

    // ---- what goes wrong

    void statuses_data() {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<QStringList>("says");
        const auto row = [](const char* name, int status, const char* body, const QStringList& says,
                            const char* headers = "") {
            QTest::newRow(name) << status << QByteArray(body) << QByteArray(headers) << says;
        };
        row("key", 401, R"({"error":{"message":"Incorrect API key"}})", {"wants a key (401)", "Enter it"},
            "WWW-Authenticate: Bearer\r\n");
        row("forbidden", 403, R"({"error":{"message":"Not your region"}})",
            {"(403): Not your region.", "another key"});
        row("wrong path", 404, "Not Found", {"has nothing at /v1 (404)", "manual"});
        row("llama-server's 404", 404,
            R"({"error":{"code":404,"message":"File Not Found","type":"not_found_error"}})",
            {"has nothing at /v1 (404)"});
        row("model gone", 404,
            R"({"error":{"message":"The model `tiny` does not exist","code":"model_not_found"}})",
            {"no longer has the model “tiny”", "Choose another"});
        row("Ollama's", 404, R"({"error":{"message":"model 'tiny' not found, try pulling it first"}})",
            {"no longer has the model “tiny”"});
        row("vLLM's", 404, R"({"object":"error","message":"The model `tiny` does not exist.","code":404})",
            {"no longer has the model “tiny”"});
        row("rate", 429, R"({"error":{"message":"Rate limit reached"}})",
            {"takes no more requests at present (429): Rate limit reached.", "Try again in 20 s."},
            "Retry-After: 20\r\n");
        row("quota", 429, R"({"error":{"message":"You exceeded your quota."}})",
            {"You exceeded your quota.", "later"});
        row("fault", 500, R"({"error":{"message":"CUDA error"}})",
            {"fault of its own (500): CUDA error.", "later"});
        row("FastAPI", 500, R"({"detail":[{"msg":"bad thing"}]})", {"(500): bad thing."});
        row("plain", 502, "<html>Bad gateway</html>", {"fault of its own (502)."});
        row("loading", 503, R"({"error":{"message":"Loading model","type":"unavailable_error"}})",
            {"(503): Loading model."});
        row("parameter", 400, R"({"error":{"message":"Unrecognized request argument: top_k"}})",
            {"does not take this request (400): Unrecognized request argument: top_k."});
        row("context", 400,
            R"({"error":{"message":"request (5000 tokens) exceeds it","type":"exceed_context_size_error"}})",
            {"too long for this model", "5000 tokens", "Start a new chat"});
        row("Gemini's", 400, R"([{"error":{"message":"Invalid JSON payload"}}])",
            {"(400): Invalid JSON payload."});
        row("elsewhere", 308, "", {"sends on to http://example.org/v1", "make it the address"},
            "Location: http://example.org/v1"
            "\r\n");
    }
    /// Each is a sentence of its own, asked for once.
    void statuses() {
        QFETCH(const int, status);
        QFETCH(const QByteArray, body);
        QFETCH(const QByteArray, headers);
        QFETCH(const QStringList, says);
        Session s;
        s.answerWith(ScriptedServer::reply(status, body, "application/json", headers));
        const QString failure = s.failure();
        QVERIFY2(failure.startsWith(s.host()) || failure.contains(s.host()), qPrintable(failure));
        for (const QString& words : says)
            QVERIFY2(failure.contains(words), qPrintable(failure));
        QCOMPARE(s.server.requests().size(), 1);
    }

    void aWrongPathSuggestsTheUsualOne() {
        Session s;
        s.use(s.server.url("/api"));
        const QString failure = s.failure();
        QVERIFY2(failure.contains("try http://" + s.host() + "/v1."), qPrintable(failure));
    }

    void aWebPage() {
        Session s;
        s.answerWith(ScriptedServer::reply(200, "<!doctype html><p>Welcome", "text/html; charset=utf-8"));
        const QString failure = s.failure();
        QVERIFY2(failure.contains("web page"), qPrintable(failure));
    }

    void notJson() {
        Session s;
        for (const char* body : {"hello", "", "{}", "[1]", "{\"choices\":"}) {
            s.answerWith(ScriptedServer::reply(200, body));
            const QString failure = s.failure();
            QVERIFY2(failure.contains("not as OpenAI's API does"), qPrintable(failure));
        }
    }

    void nothingListens() {
        Session s;
        const QString host = s.host();
        s.server.shutDown();
        QVERIFY(s.failure().startsWith("Nothing answers at " + host));
    }

    void noSuchHost() {
        Session s;
        s.use(QUrl("http://no-such-host.invalid/v1"));
        QVERIFY(s.failure().startsWith("no-such-host.invalid was not found."));
    }

    /// https:// to a server that speaks http.
    void noTls() {
        if (!QSslSocket::supportsSsl()) QSKIP("Qt has no TLS here.");
        Session s;
        QUrl url = s.server.url();
        url.setScheme("https");
        s.use(url);
        const QString failure = s.failure();
        QVERIFY2(failure.startsWith("There is no secure connection to " + s.host()), qPrintable(failure));
        QVERIFY(s.server.accepted() <= 1);
    }

    void closedWithoutAnAnswer() {
        Session s;
        s.answerWith([](QTcpSocket& socket, const auto&) { socket.disconnectFromHost(); });
        QVERIFY(s.failure().contains("closed the connection without an answer"));
        QCOMPARE(s.server.requests().size(), 1); // no prompt is sent twice unasked
    }

    /// Also over a connection that a first answer left open.
    void closedOnASecondRequest() {
        Session s;
        const QByteArray whole = R"({"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]})";
        s.answerWith(ScriptedServer::reply(200, whole));
        QCOMPARE(s.answer().text, QStringLiteral("Hi"));
        s.answerWith([](QTcpSocket& socket, const auto&) { socket.disconnectFromHost(); });
        QVERIFY(!s.failure().isEmpty());
        QVERIFY(s.server.requests().size() <= 2);
    }

    void brokenOffKeepsWhatCame() {
        Session s;
        s.answerWith(ScriptedServer::stream(ScriptedServer::delta("Half an ans")));
        const Heard& heard = s.answer();
        QCOMPARE(heard.text, QStringLiteral("Half an ans"));
        QVERIFY(heard.failure.contains("in the middle of the answer"));
        QVERIFY(heard.failure.contains("What came is kept"));
        QCOMPARE(s.server.requests().size(), 1);
    }

    void brokenOffWithinAnEvent() {
        Session s;
        s.answerWith(ScriptedServer::stream(ScriptedServer::delta("Half") + "data: {\"choices\":[{\"del"));
        const Heard& heard = s.answer();
        QCOMPARE(heard.text, QStringLiteral("Half"));
        QVERIFY(heard.failure.contains("in the middle of the answer"));
    }

    void anErrorInTheMiddle_data() {
        QTest::addColumn<QByteArray>("event");
        QTest::newRow("object") << QByteArray(R"(data: {"error":{"message":"Out of memory"}})");
        QTest::newRow("string") << QByteArray(R"(data: {"error":"Out of memory"})");
        QTest::newRow("event") << QByteArray("event: error\ndata: {\"message\":\"Out of memory\"}");
        QTest::newRow("old llama-server") << QByteArray(R"(error: {"code":500,"message":"Out of memory"})");
    }
    void anErrorInTheMiddle() {
        QFETCH(const QByteArray, event);
        Session s;
        s.answerWith(ScriptedServer::stream(ScriptedServer::delta("So far") + event + "\n\n" +
                                            ScriptedServer::delta(" lost")));
        const Heard& heard = s.answer();
        QCOMPARE(heard.text, QStringLiteral("So far"));
        QVERIFY2(heard.failure.contains("Out of memory"), qPrintable(heard.failure));
    }

    void aSilentServer() {
        Session s(kShort);
        s.answerWith([](QTcpSocket&, const auto&) {});
        QVERIFY(s.failure().contains("did not begin to answer within 1 s"));
        QTRY_COMPARE(s.server.connections(), 0);
        QCOMPARE(s.server.requests().size(), 1);
    }

    void aStalledStream() {
        Session s(kShort);
        s.answerWith([](QTcpSocket& socket, const auto&) {
            ScriptedServer::beginStream(socket);
            socket.write(ScriptedServer::delta("So far"));
        });
        const Heard& heard = s.answer();
        QCOMPARE(heard.text, QStringLiteral("So far"));
        QVERIFY(heard.failure.contains("sent nothing more for 1 s"));
        QTRY_COMPARE(s.server.connections(), 0);
    }

    // ---- the key

    void theKeyGoesAlong() {
        Session s;
        s.endpoints.setKey(s.endpoint, "secret-1");
        s.answerWith(ScriptedServer::reply(401, R"({"error":{"message":"Incorrect API key: secret-1"}})"));
        const QString failure = s.failure();
        QCOMPARE(s.server.requests().last().headers["authorization"], "Bearer secret-1");
        QVERIFY2(failure.contains("does not accept the key (401)"), qPrintable(failure));
        QVERIFY(!failure.contains("secret-1"));
    }

    void aKeyringThatDoesNotGiveTheKey() {
        Session s;
        s.endpoints.setKey(s.endpoint, "secret-1");
        QTRY_COMPARE(s.endpoints.keyPlace(s.endpoint), Endpoints::KeyPlace::Keyring);
        Endpoints later(s.settings, s.keys); // as after another start
        RemoteEngine engine(later);
        s.keys.problem = "It is locked";
        QString failure;
        connect(&engine, &EnginePort::failed, this, [&](RequestId, const engine::events::Failed& failed) {
            failure = QString::fromStdString(failed.sentence);
        });
        engine.load({RemoteModel{s.endpoint, "tiny"}.path()});
        engine.submit(ask("Hi"));
        QTRY_VERIFY2(failure.contains("It is locked"), qPrintable(failure));
        QCOMPARE(s.server.accepted(), 0); // not without it
    }

    // ---- the request

    void theConversationIsSent() {
        engine::GenerationRequest request;
        request.messages = {{"system", "Be brief."},
                            {"user", "Two and two?"},
                            {"assistant", "<think>\nEasy.\n</think>\n\nFour."},
                            {"user", "Sure?"}};
        const QJsonArray messages = bodyOf(request)["messages"].toArray();
        QCOMPARE(messages.size(), 4);
        QCOMPARE(messages[0].toObject()["role"].toString(), "system");
        QCOMPARE(messages[2].toObject()["content"].toString(), "Four.");
        QCOMPARE(messages[3].toObject()["content"].toString(), "Sure?");
    }

    void usualSamplingIsTheServersMatter() {
        const QJsonObject body = bodyOf(ask("Hi"), ServerKind::LlamaServer);
        for (const char* name :
             {"temperature", "top_p", "top_k", "min_p", "repeat_penalty", "seed", "max_tokens", "stop"})
            QVERIFY2(!body.contains(QLatin1String(name)), name);
        QVERIFY(body["stream_options"].toObject()["include_usage"].toBool());
    }

    void chosenSamplingIsSent() {
        engine::GenerationRequest request = ask("Hi");
        request.sampling.temperature = 0.3f;
        request.sampling.topK = 20;
        request.sampling.topP = 0.8f;
        request.sampling.minP = 0.1f;
        request.sampling.repetitionPenalty = 1.1f;
        request.sampling.seed = 42;
        request.maxTokens = 100;
        request.stopStrings = {"END"};
        const QJsonObject plain = bodyOf(request);
        QCOMPARE(plain["temperature"].toDouble(), 0.3);
        QCOMPARE(plain["top_p"].toDouble(), 0.8);
        QCOMPARE(plain["seed"].toInt(), 42);
        QCOMPARE(plain["max_tokens"].toInt(), 100);
        QCOMPARE(plain["stop"].toArray(), QJsonArray{"END"});
        for (const char* name : {"top_k", "min_p", "repeat_penalty", "repetition_penalty"})
            QVERIFY2(!plain.contains(QLatin1String(name)), name); // OpenAI refuses what it does not know
        const QJsonObject llama = bodyOf(request, ServerKind::LlamaServer);
        QCOMPARE(llama["top_k"].toInt(), 20);
        QCOMPARE(llama["min_p"].toDouble(), 0.1);
        QCOMPARE(llama["repeat_penalty"].toDouble(), 1.1);
        QCOMPARE(bodyOf(request, ServerKind::Vllm)["repetition_penalty"].toDouble(), 1.1);
    }

    void aCutAnswerIsContinued() {
        engine::GenerationRequest request = ask("Count");
        request.answerSoFar = "One, two,";
        const QJsonObject llama = bodyOf(request, ServerKind::LlamaServer);
        QCOMPARE(llama["messages"].toArray().last().toObject()["content"].toString(), "One, two,");
        QVERIFY(llama["continue_final_message"].toBool());
        const QJsonArray plain = bodyOf(request)["messages"].toArray();
        QCOMPARE(plain.size(), 3);
        QCOMPARE(plain[1].toObject()["content"].toString(), "One, two,");
        QCOMPARE(plain[2].toObject()["role"].toString(), "user");
    }

    void onlyModelsHereAreMeasured() {
        Session s;
        QSignalSpy ended(&s.engine, &EnginePort::comparisonEnded);
        s.engine.compare({});
        QVERIFY(ended.wait());
        QVERIFY(!ended.first().first().toString().isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestRemoteEngine)
#include "tst_remote_engine.moc"
