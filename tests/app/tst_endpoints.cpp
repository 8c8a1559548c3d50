#include "fake_key_store.h"
#include "remote/endpoint_form.h"
#include "remote/endpoints.h"
#include "remote/remote_models.h"
#include "scripted_server.h"
#include "settings/settings.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace altiplano::app;

namespace {

constexpr const char* kModels =
    R"({"object":"list","data":[{"id":"qwen3-8b","owned_by":"llamacpp","meta":{"n_ctx":8192}},{"id":"org/tiny"}]})";

struct Session {
    Session() : settings(folder.filePath(QStringLiteral("settings.ini"))), endpoints(settings, keys) {
        server.on("/v1/models", ScriptedServer::reply(200, kModels));
    }

    QTemporaryDir folder;
    Settings settings;
    FakeKeyStore keys;
    Endpoints endpoints;
    ScriptedServer server;
};

QStringList texts(const RemoteModels& models) {
    QStringList all;
    for (int row = 0; row < models.count(); ++row)
        all << models.data(models.index(row), RemoteModels::TextRole).toString();
    return all;
}

} // namespace

class TestEndpoints : public QObject {
    Q_OBJECT
private slots:
    void addresses_data() {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("url"); // empty: refused
        const auto row = [](const char* typed, const char* url) { QTest::newRow(typed) << typed << url; };
        row("http://localhost:8080/v1", "http://localhost:8080/v1");
        row(" localhost:8080 ", "http://localhost:8080/v1");
        row("127.0.0.1:11434/v1/", "http://127.0.0.1:11434/v1");
        row("[::1]:8080", "http://[::1]:8080/v1");
        row("192.168.1.20:8000", "http://192.168.1.20:8000/v1");
        row("tower:8000", "http://tower:8000/v1");
        row("api.example.com", "https://api.example.com/v1");
        row("https://api.example.com/openai/v1", "https://api.example.com/openai/v1");
        row("https://api.example.com/v1/chat/completions", "https://api.example.com/v1");
        row("http://localhost:8080/v1/models", "http://localhost:8080/v1");
        row("", "");
        row("ftp://example.com", "");
        row("https://", "");
        row("not an address", "");
        row("https://me:secret@example.com/v1", "");
        row("https://example.com/v1?key=secret", "");
        row("https://example.com/v1#x", "");
    }
    void addresses() {
        QFETCH(const QString, typed);
        QFETCH(const QString, url);
        const ReadAddress read = readAddress(typed);
        QCOMPARE(read.problem.isEmpty(), !url.isEmpty());
        if (!url.isEmpty()) QCOMPARE(read.url.toString(), url);
        QVERIFY(!read.problem.contains("secret"));
    }

    void whatLeavesTheComputer() {
        for (const char* here : {"http://localhost/v1", "http://127.0.0.1:80/v1", "http://127.8.9.1/v1",
                                 "http://[::1]/v1", "http://x.localhost/v1"})
            QVERIFY2(staysHere(QUrl(here)), here);
        for (const char* away :
             {"http://192.168.0.1/v1", "https://api.example.com/v1", "http://localhost.example.com/v1",
              "http://127.0.0.1.example.com/v1", "http://0.0.0.0/v1"})
            QVERIFY2(!staysHere(QUrl(away)), away);
    }

    void modelsHavePaths() {
        const RemoteModel model{"abc", "org/Some-Model:7b"};
        QVERIFY(isRemotePath(model.path()));
        QCOMPARE(RemoteModel::fromPath(model.path())->endpoint, "abc");
        QCOMPARE(RemoteModel::fromPath(model.path())->name, "org/Some-Model:7b");
        QCOMPARE(model.displayName(), "Some-Model:7b");
        QVERIFY(!RemoteModel::fromPath("/models/remote/x.gguf"));
        QVERIFY(!RemoteModel::fromPath("remote:abc"));
    }

    void theyAreThereAfterAStart() {
        Session s;
        const QString id = s.endpoints.add("Tower", QUrl("http://tower:8000/v1"));
        s.endpoints.learn(id, ServerKind::Vllm);
        const QString other = s.endpoints.add("Cloud", QUrl("https://api.example.com/v1"));
        s.endpoints.change(other, "Sky", QUrl("https://api.example.com/v2"));
        QCOMPARE(Endpoints(s.settings, s.keys).all(), s.endpoints.all());
        s.endpoints.remove(id);
        const Endpoints later(s.settings, s.keys);
        QCOMPARE(later.all().size(), 1);
        QCOMPARE(later.all().first().name, "Sky");
    }

    void aKeyIsInTheKeyringOnly() {
        Session s;
        const QString id = s.endpoints.add("Cloud", QUrl("https://api.example.com/v1"));
        s.endpoints.setKey(id, "sk-very-secret");
        QTRY_COMPARE(s.endpoints.keyPlace(id), Endpoints::KeyPlace::Keyring);
        QCOMPARE(s.keys.keys.value(id), "sk-very-secret");
        QVERIFY(s.endpoints.keyringProblem().isEmpty());
        {
            Settings again(s.folder.filePath("settings.ini")); // synchronizes
            QCOMPARE(again.endpoints().size(), 1);
        }
        QDir files(s.folder.path());
        for (const QString& name : files.entryList(QDir::Files)) {
            QFile file(files.filePath(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY(!file.readAll().contains("sk-very-secret"));
        }
        Endpoints later(s.settings, s.keys);
        QCOMPARE(keyOf(later, id).key, "sk-very-secret");
        later.remove(id);
        QTRY_VERIFY(s.keys.keys.isEmpty());
    }

    void withoutAKeyringAKeyLastsUntilTheEnd() {
        Session s;
        s.keys.problem = "No keyring answers";
        const QString id = s.endpoints.add("Cloud", QUrl("https://api.example.com/v1"));
        s.endpoints.setKey(id, "sk-very-secret");
        QTRY_COMPARE(s.endpoints.keyringProblem(), "No keyring answers");
        QCOMPARE(s.endpoints.keyPlace(id), Endpoints::KeyPlace::Session);
        QCOMPARE(keyOf(s.endpoints, id).key, "sk-very-secret");
        Endpoints later(s.settings, s.keys);
        QCOMPARE(later.keyPlace(id), Endpoints::KeyPlace::None);
        QCOMPARE(keyOf(later, id).key, QString());
    }

    void aKeyThatIsGoneFromTheKeyring() {
        Session s;
        const QString id = s.endpoints.add("Cloud", QUrl("https://api.example.com/v1"));
        s.endpoints.setKey(id, "sk");
        QTRY_COMPARE(s.endpoints.keyPlace(id), Endpoints::KeyPlace::Keyring);
        s.keys.keys.clear();
        Endpoints later(s.settings, s.keys);
        QVERIFY(keyOf(later, id).problem.contains("no longer in the keyring"));
    }

    void aKeyGoesToItsHostOnly() {
        Session s;
        const QString id = s.endpoints.add("Cloud", QUrl("https://api.example.com/v1"));
        s.endpoints.setKey(id, "sk");
        QTRY_COMPARE(s.endpoints.keyPlace(id), Endpoints::KeyPlace::Keyring);
        s.endpoints.change(id, "Cloud", QUrl("https://api.example.com/v2"));
        QCOMPARE(keyOf(s.endpoints, id).key, "sk");
        s.endpoints.change(id, "Cloud", QUrl("http://api.example.com/v2"));
        QCOMPARE(keyOf(s.endpoints, id).key, QString());
        s.endpoints.setKey(id, "sk");
        s.endpoints.change(id, "Cloud", QUrl("http://api.example.org/v2"));
        QCOMPARE(keyOf(s.endpoints, id).key, QString());
        QTRY_VERIFY(s.keys.keys.isEmpty());
    }

    // ---- the picker's rows

    void nobodyIsAskedUnasked() {
        Session s;
        s.endpoints.add("Mine", s.server.url());
        const RemoteModels models(s.endpoints);
        const EndpointForm form(s.endpoints);
        QTest::qWait(50);
        QCOMPARE(texts(models), QStringList{"Mine"});
        QCOMPARE(s.server.accepted(), 0);
        QCOMPARE(s.keys.calls, 0);
    }

    void anOpenedServerShowsItsModels() {
        Session s;
        const QString id = s.endpoints.add("Mine", s.server.url());
        const QString other = s.endpoints.add("Other", QUrl("http://other/v1"));
        s.endpoints.setKey(id, "sk");
        RemoteModels models(s.endpoints);
        models.toggle(id);
        QVERIFY(texts(models).at(1).startsWith("Asking 127.0.0.1"));
        QTRY_COMPARE(texts(models), (QStringList{"Mine", "qwen3-8b", "org/tiny", "", "Other"}));
        QCOMPARE(s.server.requests().last().headers["authorization"], "Bearer sk");
        QCOMPARE(models.data(models.index(2), RemoteModels::PathRole).toString(),
                 (RemoteModel{id, "org/tiny"}.path()));
        QCOMPARE(s.endpoints.find(id)->server, ServerKind::LlamaServer);
        QCOMPARE(s.endpoints.contextTokens({id, "qwen3-8b"}), 8192u);
        QCOMPARE(s.endpoints.contextTokens({id, "org/tiny"}), 0u);
        models.toggle(id);
        QCOMPARE(texts(models), (QStringList{"Mine", "Other"}));
        QCOMPARE(s.server.requests().size(), 1);
        s.endpoints.remove(id);
        QCOMPARE(texts(models), QStringList{"Other"});
        QCOMPARE(models.data(models.index(0), RemoteModels::EndpointRole).toString(), other);
    }

    void aServerThatDoesNotAnswerSaysSo() {
        Session s;
        const QString id = s.endpoints.add("Mine", s.server.url());
        RemoteModels models(s.endpoints);
        s.server.on("/v1/models", ScriptedServer::reply(401, "{}"));
        models.open(id);
        QTRY_VERIFY(texts(models).value(1).contains("wants a key"));
        QCOMPARE(models.data(models.index(2), RemoteModels::KindRole).toInt(), int(RemoteModels::EditRow));
        s.server.on("/v1/models", ScriptedServer::reply(200, "<html>", "text/html"));
        models.open(id);
        QTRY_VERIFY(texts(models).value(1).contains("web page"));
        s.server.on("/v1/models", ScriptedServer::reply(200, R"({"object":"list","data":null})"));
        models.open(id);
        QTRY_COMPARE(texts(models).value(1), "This server has no models.");
        s.server.shutDown();
        models.open(id);
        QTRY_VERIFY(texts(models).value(1).startsWith("Nothing answers"));
    }

    void closedAndRemovedWhileItIsAsked() {
        Session s;
        const QString id = s.endpoints.add("Mine", s.server.url());
        s.server.on("/v1/models", [](QTcpSocket&, const auto&) {});
        RemoteModels models(s.endpoints);
        models.open(id);
        QTRY_COMPARE(s.server.requests().size(), 1);
        models.closeAll();
        QTRY_COMPARE(s.server.connections(), 0);
        QCOMPARE(texts(models), QStringList{"Mine"});
        models.open(id);
        s.endpoints.remove(id);
        QTest::qWait(50);
        QCOMPARE(models.count(), 0);
    }

    void titles() {
        Session s;
        const QString id = s.endpoints.add("Mine", QUrl("https://api.example.com/v1"));
        const RemoteModels models(s.endpoints);
        QCOMPARE(models.title(RemoteModel{id, "org/tiny"}.path()), "tiny · api.example.com");
        QCOMPARE(models.title("/models/tiny.gguf"), QString());
    }

    // ---- the form

    void aNewOneIsTestedAndSaved() {
        Session s;
        EndpointForm form(s.endpoints);
        form.begin({});
        form.setAddress("127.0.0.1:" + QString::number(s.server.serverPort()));
        form.setKey("sk-1 ");
        form.test();
        QVERIFY(form.testing());
        QTRY_VERIFY(form.tested());
        QCOMPARE(form.models(), (QStringList{"qwen3-8b", "org/tiny"}));
        QCOMPARE(s.server.requests().last().headers["authorization"], "Bearer sk-1");
        QVERIFY(s.endpoints.all().isEmpty()); // not before it is saved
        const QString id = form.save();
        const Endpoint* saved = s.endpoints.find(id);
        QVERIFY(saved);
        QCOMPARE(saved->url, s.server.url());
        QCOMPARE(saved->name, hostLabel(s.server.url()));
        QCOMPARE(saved->server, ServerKind::LlamaServer);
        QTRY_COMPARE(s.keys.keys.value(id), "sk-1");
        QVERIFY(form.key().isEmpty());
    }

    void problemsAreSentences() {
        Session s;
        EndpointForm form(s.endpoints);
        form.begin({});
        QCOMPARE(form.save(), QString());
        QVERIFY(form.problem().contains("address is needed"));
        form.setAddress(s.server.url("/api").toString());
        QVERIFY(form.problem().isEmpty());
        form.test();
        QTRY_VERIFY(form.problem().contains("try http://127.0.0.1"));
        QVERIFY(!form.tested() && !form.testing());
    }

    void httpToAnotherMachineWarns() {
        Session s;
        EndpointForm form(s.endpoints);
        form.setAddress("http://tower:8000/v1");
        QVERIFY(form.warning().contains("not encrypted"));
        form.setAddress("https://tower:8000/v1");
        QVERIFY(form.warning().isEmpty());
        form.setAddress("http://localhost:8000/v1");
        QVERIFY(form.warning().isEmpty());
    }

    void aTestUsesTheKeptKeyAtItsHostOnly() {
        Session s;
        const QString id = s.endpoints.add("Mine", s.server.url());
        s.endpoints.setKey(id, "sk-kept");
        EndpointForm form(s.endpoints);
        form.begin(id);
        form.test();
        QTRY_VERIFY(form.tested());
        QCOMPARE(s.server.requests().last().headers["authorization"], "Bearer sk-kept");
        form.setAddress("http://localhost:" + QString::number(s.server.serverPort()) + "/v1");
        form.test();
        QTRY_VERIFY(form.tested() || !form.problem().isEmpty()); // localhost may be ::1 first
        for (const ScriptedServer::Request& request : s.server.requests())
            if (request.headers["host"].startsWith("localhost"))
                QVERIFY(!request.headers.contains("authorization"));
    }

private:
    static KeyAnswer keyOf(Endpoints& endpoints, const QString& id) {
        std::optional<KeyAnswer> read;
        endpoints.readKey(id, [&](const KeyAnswer& answer) { read = answer; });
        [&] {
            QVERIFY(!read);
            QTRY_VERIFY(read);
        }();
        return read.value_or(KeyAnswer());
    }
};

QTEST_GUILESS_MAIN(TestEndpoints)
#include "tst_endpoints.moc"
