#include "fake_key_store.h"
#include "scripted_server.h"
#include "window_session.h"

#include <QAccessible>
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

using namespace altiplano;
using namespace altiplano::app;

namespace {

/// The real window, and a server with two models that answers "From afar."
struct Session : WindowSession {
    explicit Session(const QString& folder) : WindowSession(folder, std::make_unique<FakeKeyStore>()) {
        server.on("/v1/models",
                  ScriptedServer::reply(200, R"({"data":[{"id":"org/qwen3-8b"},{"id":"tiny"}]})"));
        server.on("/v1/chat/completions",
                  ScriptedServer::stream(ScriptedServer::delta("From ") + ScriptedServer::delta("afar.") +
                                         ScriptedServer::finish("stop") + ScriptedServer::usage(20, 4) +
                                         "data: [DONE]\n\n"));
    }

    QString host() const { return QStringLiteral("127.0.0.1:%1").arg(server.serverPort()); }
    ModelController& model() const { return *main->context().model(); }
    void openPicker() const { click(named("modelChip")); }
    /// By its text, once it is there.
    void press(const QString& text) const {
        QTRY_VERIFY2(shown(text), qPrintable(text));
        QTest::qWait(20); // for its place
        click(shown(text));
    }
    /// Of the form.
    bool hasFocus(const char* field) const {
        const QQuickItem* focused = window()->activeFocusItem();
        return focused && focused->parentItem() == named(field);
    }
    /// Adds the server as a user would; its models are then in the open picker.
    void add() const {
        openPicker();
        press(QStringLiteral("Add an endpoint…"));
        QTRY_VERIFY(hasFocus("endpointAddress"));
        type(host());
        click(named("endpointSave"));
        QTRY_VERIFY(shown(QStringLiteral("org/qwen3-8b")));
    }
    void choose() const {
        add();
        press(QStringLiteral("org/qwen3-8b"));
        QTRY_COMPARE(model().backend(), QStringLiteral("remote"));
        QTRY_COMPARE(model().state(), ModelController::Ready);
    }
    void ask() const {
        type(QStringLiteral("Hello"));
        key(Qt::Key_Return);
        QTRY_VERIFY(chat().messages()->rowCount() >= 2 && !chat().busy());
    }

    ScriptedServer server;
};

} // namespace

class TestRemote : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { setUpWindowTests(); }
    void init() {
        m_folder = emptyFolder();
        m_path = m_folder->path();
    }

    /// From the chip to an answer of a server, with what it means on the way.
    void addedChosenAsked() {
        Session s(m_path);
        s.showReady();
        QVERIFY(!s.named("remoteNote")->isVisible());
        s.choose();
        QVERIFY(s.shown("qwen3-8b · " + s.host())); // the chip
        QVERIFY(s.named("remoteNote")->isVisible());
        QVERIFY(s.shown("What you write goes to " + s.host() + ", another program on this computer."));
        QVERIFY(s.shown("Another program on this computer runs it, at " + s.host() + "."));
        QVERIFY(s.named("composer")->hasActiveFocus());
        s.ask();
        QTRY_VERIFY(s.shown("From afar."));
        QCOMPARE(s.server.requests().last().json()["model"].toString(), "org/qwen3-8b");
        QTRY_VERIFY(s.named("quietLine")->property("text").toString().endsWith("remote"));
        QVERIFY(s.engine.requests().empty()); // nothing was asked of the local engine
    }

    void testListsTheModels() {
        Session s(m_path);
        s.showReady();
        s.openPicker();
        s.press("Add an endpoint…");
        QTRY_VERIFY(s.hasFocus("endpointAddress"));
        s.type(s.host() + "/api");
        s.click(s.named("endpointTest"));
        QTRY_VERIFY(s.main->context().endpointForm()->problem().contains("try http://"));
        QTRY_VERIFY(s.shown(s.main->context().endpointForm()->problem()));
        s.click(s.named("endpointAddress"));
        s.key(Qt::Key_End);
        for (int i = 0; i < 4; ++i)
            s.key(Qt::Key_Backspace);
        s.click(s.named("endpointTest"));
        QTRY_VERIFY(s.named("endpointAnswer")->isVisible());
        QTRY_VERIFY(s.named("endpointAnswer")->property("text").toString().endsWith("org/qwen3-8b, tiny"));
        s.key(Qt::Key_Escape); // nothing is kept
        QTRY_VERIFY(!s.shown("Add an endpoint"));
        QVERIFY(s.settings.endpoints().isEmpty());
        QTRY_VERIFY(s.named("composer")->hasActiveFocus());
    }

    void warnsOfWhatIsNotEncrypted() {
        Session s(m_path);
        s.showReady();
        s.openPicker();
        s.press("Add an endpoint…");
        QTRY_VERIFY(s.hasFocus("endpointAddress"));
        s.type("http://tower:8000");
        QTRY_VERIFY(s.main->context().endpointForm()->warning().contains("not encrypted"));
        QVERIFY(s.shown(s.main->context().endpointForm()->warning()));
    }

    void theKeyIsHiddenAndKept() {
        Session s(m_path);
        s.showReady();
        s.openPicker();
        s.press("Add an endpoint…");
        QTRY_VERIFY(s.hasFocus("endpointAddress"));
        s.type(s.host());
        s.key(Qt::Key_Tab);
        s.type("sk-secret");
        QVERIFY(!s.shown("sk-secret") ||
                s.shown("sk-secret")->property("displayText").toString() != "sk-secret");
        s.key(Qt::Key_Return); // saves
        QTRY_VERIFY(s.shown("tiny"));
        QCOMPARE(s.server.requests().last().headers["authorization"], "Bearer sk-secret");
    }

    void withoutAKeyringItSaysSo() {
        auto keys = std::make_unique<FakeKeyStore>();
        keys->problem = "No keyring answers";
        WindowSession s(m_path, std::move(keys));
        s.showReady();
        EndpointForm& form = *s.main->context().endpointForm();
        form.begin({});
        form.setAddress("https://api.example.com/v1");
        form.setKey("sk-secret");
        form.save();
        QTRY_VERIFY(s.shown("The system's keyring did not take it: No keyring answers"));
        QVERIFY(s.shown("The key is kept until Altiplano is closed"));
    }

    void whatWentWrongStandsBelowTheAnswer() {
        Session s(m_path);
        s.showReady();
        s.choose();
        s.server.on("/v1/chat/completions", ScriptedServer::stream(ScriptedServer::delta("Half an ans")));
        s.ask();
        QTRY_VERIFY(s.shown("Half an ans"));
        const QString sentence = s.host() +
                                 " ended the connection in the middle of the answer. What came is kept: "
                                 "continue the answer, or try again.";
        QTRY_VERIFY(s.shown(sentence));
        QVERIFY(s.shown("Try again"));
        QVERIFY(s.chat().canContinue());
    }

    void escapeStops() {
        Session s(m_path);
        s.showReady();
        s.choose();
        s.server.on("/v1/chat/completions", [](QTcpSocket& socket, const auto&) {
            ScriptedServer::beginStream(socket);
            socket.write(ScriptedServer::delta("On and on"));
        });
        s.type("Hello");
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.shown("On and on"));
        const int during = s.server.connections(); // that of the list of models may still be open
        s.key(Qt::Key_Escape);
        QTRY_VERIFY(s.shown("Stopped"));
        QTRY_VERIFY(s.server.connections() < during);
    }

    /// What a server does not tell is left out, not shown as none.
    void whatIsNotKnownIsNotZero() {
        Session s(m_path);
        s.showReady();
        s.choose();
        s.server.on("/v1/chat/completions",
                    ScriptedServer::stream(ScriptedServer::delta("Hi.") + ScriptedServer::finish("stop")));
        s.ask();
        QTRY_VERIFY(s.shown("Hi."));
        for (QQuickItem* item : s.items()) {
            const QString text = item->property("text").toString();
            if (item->isVisible())
                QVERIFY2(!text.startsWith("0 tok") && !text.startsWith("0 /"), qPrintable(text));
        }
        s.key(Qt::Key_F10);
        QTRY_VERIFY(s.shown("This model runs elsewhere: what its tokens are made of is not known here."));
    }

    /// At a start with a remote model, and until somebody asks something, nobody is contacted.
    void nobodyIsContactedAtTheStart() {
        {
            Session s(m_path);
            s.showReady();
            s.choose();
        }
        Session s(m_path); // another port
        QList<Endpoint> endpoints = s.settings.endpoints();
        QCOMPARE(endpoints.size(), 1);
        endpoints.first().url = s.server.url();
        s.settings.setEndpoints(endpoints);
        WindowSession later(m_path, std::make_unique<FakeKeyStore>());
        later.main->show({});
        QVERIFY(QTest::qWaitForWindowExposed(later.window()));
        QTRY_COMPARE(later.main->context().model()->state(), ModelController::Ready);
        QCOMPARE(later.main->context().model()->name(), "qwen3-8b");
        later.click(later.named("modelChip")); // recent ones and endpoints are shown
        QTRY_VERIFY(later.shown("Add an endpoint…"));
        QTest::qWait(100);
        QCOMPARE(s.server.accepted(), 0);
        later.key(Qt::Key_Escape);
        QTRY_VERIFY(later.named("composer")->hasActiveFocus());
        later.type("Hello");
        later.key(Qt::Key_Return);
        QTRY_VERIFY(later.shown("From afar."));
    }

    /// The server wants another key: the button leads to the form with it, and then the answer is asked for
    /// again.
    void aRefusedKeyIsChanged() {
        Session s(m_path);
        s.showReady();
        s.choose();
        s.server.on("/v1/chat/completions", ScriptedServer::reply(401, "{}"));
        s.ask();
        s.press("Change the key…");
        QTRY_VERIFY(s.named("endpointKey") && s.named("endpointKey")->isVisible());
        s.click(s.named("endpointKey"));
        s.type("sk-2");
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.shown("Try again"));
        s.server.on("/v1/chat/completions",
                    ScriptedServer::stream(ScriptedServer::delta("Now.") + ScriptedServer::finish("stop") +
                                           "data: [DONE]\n\n"));
        s.press("Try again");
        QTRY_VERIFY(s.shown("Now."));
        QCOMPARE(s.server.requests().last().headers["authorization"], QByteArray("Bearer sk-2"));
    }

    /// Of hundreds of models the one with these words is found by typing.
    void manyModelsAreSearched() {
        Session s(m_path);
        QJsonArray models;
        for (int i = 0; i < 300; ++i)
            models << QJsonObject{{"id", QStringLiteral("vendor/model-%1").arg(i)}};
        s.server.on("/v1/models",
                    ScriptedServer::reply(200, QJsonDocument(QJsonObject{{"data", models}}).toJson()));
        s.showReady();
        s.openPicker();
        s.press("Add an endpoint…");
        QTRY_VERIFY(s.hasFocus("endpointAddress"));
        s.type(s.host());
        s.click(s.named("endpointSave"));
        QTRY_VERIFY(s.shown("vendor/model-0"));
        QTRY_VERIFY(s.named("modelPickerSearch") && s.named("modelPickerSearch")->hasActiveFocus());
        s.type("217 vendor");
        QTRY_VERIFY(s.shown("vendor/model-217") && !s.shown("vendor/model-0"));
        s.press("vendor/model-217");
        QTRY_COMPARE(s.model().name(), "model-217");
        s.openPicker();
        QTRY_VERIFY(s.shown("Add an endpoint…"));
        QCOMPARE(s.named("modelPickerSearch")->property("text").toString(), QString());
    }

    void editedAndRemoved() {
        Session s(m_path);
        s.showReady();
        s.add();
        s.press("Edit this endpoint…");
        QTRY_VERIFY(s.hasFocus("endpointName"));
        s.key(Qt::Key_A, Qt::ControlModifier);
        s.type("Tower");
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.shown("Tower"));
        QCOMPARE(s.settings.endpoints().first().name, "Tower");
        s.press("Edit this endpoint…");
        QTRY_VERIFY(s.named("endpointRemove")->isVisible());
        s.click(s.named("endpointRemove"));
        QTRY_VERIFY(s.settings.endpoints().isEmpty());
    }

    /// The whole way without a mouse.
    void byKeyboard() {
        Session s(m_path);
        s.showReady();
        s.add();
        s.key(Qt::Key_Escape);
        QTRY_VERIFY(!s.shown("Add an endpoint…"));
        s.named("modelChip")->forceActiveFocus(Qt::TabFocusReason);
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.shown("Add an endpoint…"));
        const auto down = [&](const QString& to) {
            for (int i = 0; i < 12; ++i) {
                QQuickItem* focused = s.window()->activeFocusItem();
                if (focused && focused->property("text").toString() == to) return true;
                s.key(Qt::Key_Down);
            }
            return false;
        };
        QVERIFY(down(s.host()));
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.shown("tiny"));
        QVERIFY(down("tiny"));
        s.key(Qt::Key_Return);
        QTRY_COMPARE(s.model().name(), "tiny");
        QTRY_VERIFY(s.named("composer")->hasActiveFocus());
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

QTEST_MAIN(TestRemote)
#include "tst_remote.moc"
