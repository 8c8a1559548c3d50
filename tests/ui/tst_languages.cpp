#include "engine_sentences.h"
#include "failure_words.h"
#include "window_session.h"

#include <QClipboard>
#include <QDir>
#include <QGuiApplication>
#include <QSet>
#include <QTemporaryDir>

using namespace altiplano;
using namespace altiplano::app;

/// The window in other languages and from right to left.
class TestLanguages : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        qputenv("ALTIPLANO_REDUCED_MOTION", "1");
        setUpApplication();
    }
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("ALTIPLANO_STARTER_MODEL", m_folder->filePath("starter.gguf").toLocal8Bit());
        qunsetenv("ALTIPLANO_LAYOUT");
    }

    void switchesAtOnceAndBack() {
        WindowSession s(m_folder->path());
        s.showReady();
        s.chat().send("Hello");
        QTRY_VERIFY(!s.chat().busy());
        s.key(Qt::Key_Comma, Qt::ControlModifier);
        QTRY_VERIFY(s.shown("Font size"));
        QVERIFY(s.shown("Search chats"));
        s.click(s.shown("Deutsch"));
        QTRY_VERIFY(s.shown("Schriftgröße"));
        QVERIFY(s.shown("Chats durchsuchen"));
        QVERIFY(s.shown("Aussehen")); // a group
        QVERIFY(s.shown("Heute"));
        QVERIFY(!s.shown("Font size"));
        s.click(s.shown("简体中文"));
        QTRY_VERIFY(s.shown("字体大小"));
        QVERIFY(s.shown("今天"));
        s.click(s.shown("English"));
        QTRY_VERIFY(s.shown("Font size"));
        QVERIFY(s.shown("Search chats"));
        QVERIFY(s.shown("Today"));
    }

    void isRemembered() {
        {
            WindowSession s(m_folder->path());
            s.showReady();
            s.settings.store("look/language", "de");
            QTRY_VERIFY(s.shown("Warum ist der Himmel blau?"));
        }
        WindowSession s(m_folder->path());
        s.showReady();
        QVERIFY(s.shown("Warum ist der Himmel blau?"));
        s.settings.store("look/language", {});
        QTRY_VERIFY(s.shown("Why is the sky blue?"));
    }

    /// In every language the presets and what is searched for are in that language.
    void searchesInTheLanguage() {
        WindowSession s(m_folder->path());
        s.showReady();
        s.settings.store("look/language", "de");
        SettingsModel& settings = *s.main->context().settings();
        settings.setSearched("Speicherlimit");
        QCOMPARE(settings.count(), 1);
        QCOMPARE(settings.index(0).data(SettingsModel::KeyRole).toString(),
                 QStringLiteral("engine/memoryLimitGb"));
        QCOMPARE(s.main->context().presets()->name("precise"), QStringLiteral("Genau"));
    }

    /// The engine speaks English. What it reports is said in the window's language, with its words below.
    void whatTheEngineReports() {
        WindowSession s(m_folder->path());
        ScriptedEngine::Answer broken{"Half", 2000, 10, 0};
        broken.failAfterTokens = 1;
        broken.failure = {engine::ErrorCode::OutOfMemory, "512 MB are needed."};
        s.engine.setAnswers({broken});
        s.engine.refuse("letter.gguf", {engine::ErrorCode::BadFile, "letter.gguf: not a GGUF file"});
        s.settings.store("look/language", "de");
        s.showReady();
        s.main->context().model()->open("/tmp/letter.gguf");
        QTRY_VERIFY(s.shown("Das ist keine GGUF-Datei"));
        QVERIFY(s.shown("Not a GGUF file"));
        s.settings.store("look/language", "zh_CN"); // what stands there changes with the language
        QTRY_VERIFY(s.shown("不是 GGUF 文件"));
        s.settings.store("look/language", "de");
        QTRY_VERIFY(s.shown("Das ist keine GGUF-Datei"));
        s.click(s.shown("Die Einzelheiten kopieren"));
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("Not a GGUF file"));
        s.main->context().model()->dismissProblem();
        s.say("Hallo");
        QTRY_VERIFY(s.shown("Der Speicher reicht nicht aus."));
        QVERIFY(s.shown("512 MB are needed."));
    }

    void everyKindOfFailureIsTranslated() {
        WindowSession s(m_folder->path());
        for (const char* language : {"de", "zh_CN"}) {
            s.settings.store("look/language", language);
            QSet<QString> said;
            for (int code = 0; code <= static_cast<int>(engine::ErrorCode::Cancelled); ++code) {
                const FailureWords words =
                    FailureWords::of(static_cast<engine::ErrorCode>(code), QStringLiteral("why"));
                QCOMPARE(words.details, QStringLiteral("why"));
                said << words.sentence;
            }
            QCOMPARE(said.size(), static_cast<int>(engine::ErrorCode::Cancelled) + 1);
        }
        s.settings.store("look/language", "en");
        QCOMPARE(FailureWords::of(engine::ErrorCode::File, QStringLiteral("why")).text(),
                 QStringLiteral("why"));
    }

    /// With what they name, and the reasons within them.
    void sentencesOfTheEngine() {
        WindowSession s(m_folder->path());
        s.settings.store("look/language", "de");
        QCOMPARE(inWindowLanguage("The CPU is used: this build has no CUDA module."),
                 QStringLiteral("Es rechnet die CPU: Diese Fassung hat kein CUDA-Modul."));
        QCOMPARE(
            inWindowLanguage(
                "A context of 4,096 tokens needs 2 GB of memory, but 1 GB are free; one of 1,024 "
                "tokens fits."),
            QStringLiteral("Ein Kontext von 4,096 Tokens braucht 2 GB Speicher, frei sind 1 GB; einer von "
                           "1,024 Tokens passt."));
        QCOMPARE(inWindowLanguage("Nobody ever said this."), QStringLiteral("Nobody ever said this."));
        s.settings.store("look/language", "en");
        QCOMPARE(inWindowLanguage("The CPU was asked for."), QStringLiteral("The CPU was asked for."));
    }

    void fromRightToLeft() {
        WindowSession s(m_folder->path());
        s.showReady();
        s.say("Hello");
        const qreal width = s.window()->width();
        const auto centre = [&](const char* name) {
            const QQuickItem* item = s.named(name);
            return item->mapToScene({item->width() / 2, 0}).x();
        };
        const char* const controls[] = {"sidebarButton",   "modelChip",         "performanceButton",
                                        "sendButton",      "chatList",          "settingsButton",
                                        "chatsMenuButton", "chatSettingsButton"};
        QList<qreal> before;
        for (const char* name : controls)
            before << centre(name);
        qputenv("ALTIPLANO_LAYOUT", "rtl");
        s.settings.store("look/language", "en"); // asks again
        QTRY_VERIFY(s.main->context().language()->rightToLeft());
        for (std::size_t i = 0; i < std::size(controls); ++i)
            QTRY_VERIFY2(std::abs(centre(controls[i]) - (width - before[static_cast<int>(i)])) <= 2,
                         controls[i]);
        const QQuickItem* answer = s.shown("An answer."); // its words run from left to right all the same
        QVERIFY(answer);
        picture(s, "rtl");
    }

private:
    /// Into the folder that ALTIPLANO_PICTURES names, to be looked at.
    static void picture(const WindowSession& s, const QByteArray& name) {
        const QString folder = qEnvironmentVariable("ALTIPLANO_PICTURES");
        if (!folder.isEmpty())
            s.window()->grabWindow().save(
                QDir(folder).filePath(QString::fromLatin1(name) + QStringLiteral(".png")));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_MAIN(TestLanguages)
#include "tst_languages.moc"
