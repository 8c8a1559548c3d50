#include "presets/generation_settings.h"
#include "window_session.h"

#include <QAccessible>
#include <QTemporaryDir>

using namespace altiplano;
using namespace altiplano::app;

/// The settings page of the real window.
class TestSettings : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { setUpWindowTests(); }
    void init() {
        m_folder = emptyFolder();
        qunsetenv("ALTIPLANO_LAYOUT");
    }

    void opensAndCloses() {
        WindowSession s(m_folder->path());
        s.showReady();
        s.type("Half a message");
        s.key(Qt::Key_Comma, Qt::ControlModifier);
        QTRY_VERIFY(s.named("settingsPage"));
        QTRY_VERIFY(s.named("settingsSearch")->hasActiveFocus());
        s.key(Qt::Key_Escape);
        QTRY_VERIFY(!s.named("settingsPage"));
        QVERIFY(s.named("composer")->hasActiveFocus());
        QCOMPARE(s.named("composer")->property("text").toString(), QStringLiteral("Half a message"));
        s.click(s.named("settingsButton"));
        QTRY_VERIFY(s.named("settingsPage"));
        s.click(s.named("closePage"));
        QTRY_VERIFY(!s.named("settingsPage"));
    }

    void anotherChatTakesThePagesPlace() {
        WindowSession s(m_folder->path());
        s.showReady();
        s.say("First");
        s.key(Qt::Key_Comma, Qt::ControlModifier);
        QTRY_VERIFY(s.named("settingsPage"));
        s.key(Qt::Key_N, Qt::ControlModifier);
        QTRY_VERIFY(!s.named("settingsPage"));
        QVERIFY(s.named("composer")->hasActiveFocus());
    }

    void findsByTitleAndExplanation() {
        WindowSession s(m_folder->path());
        open(s);
        QVERIFY(s.shown("Theme"));
        s.type("thrEads");
        QTRY_COMPARE(rows(s), QStringList{"engine/threads"});
        s.named("settingsSearch")->setProperty("text", "shift+enter");
        QTRY_COMPARE(rows(s), QStringList{"composer/enterSends"});
        s.named("settingsSearch")->setProperty("text", "memory limit");
        QTRY_COMPARE(rows(s), QStringList{"engine/memoryLimitGb"});
        s.named("settingsSearch")->setProperty("text", "xyzzy");
        QTRY_VERIFY(s.shown("No setting has these words."));
        s.key(Qt::Key_Escape);
        QTRY_VERIFY(s.shown("Theme"));
        QCOMPARE(static_cast<std::size_t>(s.main->context().settings()->count()), appSettings().size());
    }

    void theThemeAtOnceAfterARestartAndReset() {
        {
            WindowSession s(m_folder->path());
            open(s);
            const QColor light = s.window()->color();
            s.click(s.shown("Dark"));
            QTRY_VERIFY(s.window()->color().lightnessF() < 0.3f);
            s.click(s.shown("Light"));
            QTRY_COMPARE(s.window()->color(), light);
            s.click(s.shown("Dark"));
        }
        WindowSession s(m_folder->path());
        open(s);
        QVERIFY(s.window()->color().lightnessF() < 0.3f);
        s.click(resetOf(s, "look/theme"));
        QTRY_VERIFY(s.window()->color().lightnessF() > 0.8f);
        QTRY_VERIFY(!resetOf(s, "look/theme")->isEnabled());
    }

    void theFontSizeByKeysAndPage() {
        {
            WindowSession s(m_folder->path());
            s.showReady();
            QQuickItem* composer = s.named("composer");
            const int usual = pixels(composer);
            s.key(Qt::Key_Plus, Qt::ControlModifier);
            QTRY_COMPARE(pixels(composer), qRound(usual * 1.1));
            s.key(Qt::Key_Minus, Qt::ControlModifier);
            s.key(Qt::Key_Minus, Qt::ControlModifier);
            QTRY_COMPARE(pixels(composer), qRound(usual * 0.9));
            s.key(Qt::Key_0, Qt::ControlModifier);
            QTRY_COMPARE(pixels(composer), usual);
            s.settings.store(QStringLiteral("look/fontPercent"), 200);
            QTRY_COMPARE(pixels(composer), 2 * usual);
            s.key(Qt::Key_Plus, Qt::ControlModifier); // no more than that
            QCOMPARE(pixels(composer), 2 * usual);
        }
        WindowSession s(m_folder->path());
        open(s);
        QCOMPARE(s.settings.value("look/fontPercent").toInt(), 200);
        s.named("settingsSearch")->setProperty("text", "font");
        QTRY_VERIFY(resetOf(s, "look/fontPercent"));
        s.click(resetOf(s, "look/fontPercent"));
        QTRY_COMPARE(s.settings.value("look/fontPercent").toInt(), 100);
    }

    void enterSendsAtOnce() {
        WindowSession s(m_folder->path());
        open(s);
        s.named("settingsSearch")->setProperty("text", "enter sends");
        QTRY_COMPARE(rows(s), QStringList{"composer/enterSends"});
        s.key(Qt::Key_Tab); // clears the search
        s.key(Qt::Key_Tab); // past the reset, which has nothing to do
        s.key(Qt::Key_Space);
        QTRY_VERIFY(!s.settings.value("composer/enterSends").toBool());
        s.key(Qt::Key_Comma, Qt::ControlModifier);
        s.type("a");
        s.key(Qt::Key_Return);
        s.type("b");
        QCOMPARE(s.named("composer")->property("text").toString(), QStringLiteral("a\nb"));
        s.key(Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(s.engine.requests().size(), 1u);
    }

    void numbersAreTypedSteppedAndReset() {
        WindowSession s(m_folder->path());
        open(s);
        s.named("settingsSearch")->setProperty("text", "context length");
        QTRY_COMPARE(rows(s), QStringList{"engine/contextTokens"});
        QQuickItem* field = numberOf(s, "engine/contextTokens");
        QCOMPARE(field->property("text").toString(), QStringLiteral("4,096 tokens"));
        field->forceActiveFocus();
        QTRY_COMPARE(field->property("text").toString(), QStringLiteral("4,096"));
        s.type("8192");
        s.key(Qt::Key_Return);
        QTRY_COMPARE(s.settings.value("engine/contextTokens").toInt(), 8192);
        s.key(Qt::Key_Up);
        QTRY_COMPARE(s.settings.value("engine/contextTokens").toInt(), 9216);
        s.type("99999999999");
        s.key(Qt::Key_Return);
        QTRY_COMPARE(s.settings.value("engine/contextTokens").toInt(), 1'048'576);
        s.type("many");
        s.key(Qt::Key_Return);
        QCOMPARE(s.settings.value("engine/contextTokens").toInt(), 1'048'576);
        s.click(resetOf(s, "engine/contextTokens"));
        QTRY_COMPARE(s.settings.value("engine/contextTokens").toInt(), 4096);
        QTRY_COMPARE(field->property("text").toString(), QStringLiteral("4,096"));
    }

    /// The model is loaded again with what was chosen, once for several changes, and after the answer.
    void howModelsRunIsAppliedAtOnce() {
        WindowSession s(m_folder->path());
        s.engine.setAnswers({{QStringLiteral("word ").repeated(400), 400, 10, 0}});
        s.showReady();
        QCOMPARE(s.engine.loads().size(), 1);
        s.settings.store(QStringLiteral("engine/threads"), 3);
        s.settings.store(QStringLiteral("engine/kvQ8"), true);
        s.settings.store(QStringLiteral("engine/device"), QStringLiteral("cpu"));
        s.settings.store(QStringLiteral("engine/memoryLimitGb"), 1.5);
        s.settings.store(QStringLiteral("engine/contextTokens"), 2048);
        QTRY_COMPARE(s.engine.loads().size(), 2);
        const LoadRequest& load = s.engine.loads().last();
        QCOMPARE(load.settings.threads, 3u);
        QVERIFY(load.settings.kvQ8);
        QCOMPARE(load.settings.device, EngineSettings::Cpu);
        QCOMPARE(load.settings.memoryLimit, quint64{1'500'000'000});
        QCOMPARE(load.contextTokens, 2048u);
        QTRY_COMPARE(s.main->context().model()->state(), ModelController::Ready);

        s.chat().send(QStringLiteral("Go"));
        QTRY_VERIFY(s.chat().tokensPerSecond() > 0);
        s.settings.store(QStringLiteral("engine/threads"), {});
        QTRY_VERIFY(!s.chat().busy());
        QCOMPARE(s.chat().messages()->text(1).count(QStringLiteral("word")), 400);
        QTRY_COMPARE(s.engine.loads().size(), 3);
        QCOMPARE(s.engine.loads().last().settings.threads, 0u);
    }

    void everyRowSaysWhatItIs() {
        WindowSession s(m_folder->path());
        open(s);
        for (QQuickItem* item : s.items()) {
            if (!item->isVisible() || !item->inherits("QQuickAbstractButton")) continue;
            QAccessibleInterface* access = QAccessible::queryAccessibleInterface(item);
            QVERIFY2(access && !access->text(QAccessible::Name).isEmpty(), item->metaObject()->className());
        }
    }

private:
    static void open(WindowSession& s) {
        s.main->context().sidebarShown();
        s.showReady();
        s.window()->resize(1040, 1400);
        s.key(Qt::Key_Comma, Qt::ControlModifier);
        QTRY_VERIFY(s.named("settingsSearch") && s.named("settingsSearch")->hasActiveFocus());
    }
    static QQuickItem* row(const WindowSession& s, const char* key) { return s.named(key); }
    static QQuickItem* below(QQuickItem* parent, const char* name) {
        if (!parent) return nullptr;
        for (QQuickItem* item : WindowSession::itemsBelow(parent))
            if (item->objectName() == QLatin1String(name)) return item;
        return nullptr;
    }
    static QQuickItem* resetOf(const WindowSession& s, const char* key) {
        return below(row(s, key), "reset");
    }
    static QQuickItem* numberOf(const WindowSession& s, const char* key) {
        return below(row(s, key), "number");
    }
    static int pixels(QQuickItem* item) { return item->property("font").value<QFont>().pixelSize(); }
    static QStringList rows(const WindowSession& s) {
        QStringList keys;
        for (const Setting& setting : appSettings())
            if (const QQuickItem* item = row(s, setting.key); item && item->isVisible())
                keys << QLatin1String(setting.key);
        return keys;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_MAIN(TestSettings)
#include "tst_settings.moc"
