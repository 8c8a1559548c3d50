#include "presets/generation_settings.h"
#include "window_session.h"

#include <QAccessible>
#include <QTemporaryDir>

using namespace altiplano;
using namespace altiplano::app;

/// Presets and the settings of a chat, in the real window and as far as the engine.
class TestPresets : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { setUpWindowTests(); }
    void init() { m_folder = emptyFolder(); }

    void whatWasChosenReachesTheEngine() {
        WindowSession s(m_folder->path());
        s.showReady();
        s.say("Usual");
        QCOMPARE(last(s).messages.size(), 1u);
        QCOMPARE(last(s).sampling.temperature, engine::SamplingParams().temperature);
        QCOMPARE(last(s).sampling.topK, engine::SamplingParams().topK);
        QCOMPARE(last(s).sampling.topP, engine::SamplingParams().topP);
        QCOMPARE(last(s).sampling.minP, engine::SamplingParams().minP);
        QVERIFY(!last(s).sampling.seed);
        QCOMPARE(last(s).maxTokens, 0u);

        s.click(s.named("chatSettingsButton"));
        QTRY_VERIFY(s.named("presetButton") && s.named("presetButton")->hasActiveFocus());
        s.click(s.named("presetButton"));
        QTRY_VERIFY(s.shown("Precise"));
        s.key(Qt::Key_Down);
        s.key(Qt::Key_Down);
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.shown("Preset: Precise"));
        QQuickItem* prompt = below(s.named("system"), "text");
        QVERIFY(prompt);
        prompt->forceActiveFocus();
        s.type("Be brief.");
        s.key(Qt::Key_Escape);
        QTRY_VERIFY(s.named("composer")->hasActiveFocus());
        s.say("Special");
        QCOMPARE(last(s).messages.size(), 4u);
        QCOMPARE(last(s).messages.front().role, "system");
        QCOMPARE(last(s).messages.front().content, "Be brief.");
        QCOMPARE(last(s).messages.back().content, "Special");
        QCOMPARE(last(s).sampling.temperature, 0.2f);
        QCOMPARE(last(s).sampling.topP, 0.9f);

        s.chat().newChat(); // has nothing of it
        s.say("Another");
        QCOMPARE(last(s).messages.size(), 1u);
        QCOMPARE(last(s).sampling.temperature, 0.7f);
    }

    void everyValueReachesTheEngine() {
        WindowSession s(m_folder->path());
        s.showReady();
        SettingsModel& generation = *s.main->context().generation();
        const std::pair<const char*, double> values[] = {{"temperature", 1.3},
                                                         {"topK", 17},
                                                         {"topP", 0.8},
                                                         {"minP", 0.11},
                                                         {"repetitionPenalty", 1.2},
                                                         {"presencePenalty", -0.5},
                                                         {"frequencyPenalty", 0.4},
                                                         {"maxTokens", 77},
                                                         {"seed", 4'000'000'000}};
        QCOMPARE(std::size(values) + 1, generationSettings().size()); // and the system prompt
        for (const auto& [key, value] : values)
            generation.set(QLatin1String(key), value);
        s.say("Go");
        const engine::SamplingParams& sampling = last(s).sampling;
        QCOMPARE(sampling.temperature, 1.3f);
        QCOMPARE(sampling.topK, 17u);
        QCOMPARE(sampling.topP, 0.8f);
        QCOMPARE(sampling.minP, 0.11f);
        QCOMPARE(sampling.repetitionPenalty, 1.2f);
        QCOMPARE(sampling.presencePenalty, -0.5f);
        QCOMPARE(sampling.frequencyPenalty, 0.4f);
        QCOMPARE(last(s).maxTokens, 77u);
        QCOMPARE(sampling.seed, std::optional<std::uint64_t>(4'000'000'000));
    }

    void theyStayWithTheChat() {
        {
            WindowSession s(m_folder->path());
            s.showReady();
            s.main->context().generation()->set("temperature", 1.5);
            s.main->context().chatSettings()->setPreset("creative"); // forgets what differed
            s.main->context().generation()->set("system", "Rhyme.");
            s.say("First");
            s.chat().newChat();
            s.say("Second");
        }
        WindowSession s(m_folder->path());
        s.showReady();
        QTRY_VERIFY(s.shown("First"));
        s.click(s.shown("First"));
        QTRY_COMPARE(s.chat().title(), QStringLiteral("First"));
        QCOMPARE(s.main->context().chatSettings()->preset(), QStringLiteral("creative"));
        s.say("More");
        QCOMPARE(last(s).messages.front().content, "Rhyme.");
        QCOMPARE(last(s).sampling.temperature, 1.1f);
        s.main->context().generation()->reset("system");
        s.say("Plain");
        QCOMPARE(last(s).messages.front().role, "user");
    }

    void madeRenamedDuplicatedDeletedAndBack() {
        WindowSession s(m_folder->path());
        s.showReady();
        s.window()->resize(1040, 1200);
        s.key(Qt::Key_Comma, Qt::ControlModifier);
        QTRY_VERIFY(s.named("presetsButton"));
        s.click(s.named("presetsButton"));
        QTRY_VERIFY(
            s.shown("This preset is built in. A duplicate of it can be changed. New chats begin with it."));
        QVERIFY(!s.named("deletePreset")->isVisible());
        s.click(s.named("newPreset"));
        QTRY_VERIFY(s.named("presetRenamer")->hasActiveFocus());
        s.type("Poet");
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.shown("Preset: Poet"));
        QQuickItem* prompt = below(s.named("system"), "text");
        prompt->forceActiveFocus();
        s.type("In verse.");
        s.click(s.named("presetForNewChats"));
        QTRY_VERIFY(s.shown("New chats begin with it."));
        s.click(s.named("duplicatePreset"));
        QTRY_VERIFY(s.shown("Preset: Poet (copy)"));
        QTRY_COMPARE(below(s.named("system"), "text")->property("text").toString(),
                     QStringLiteral("In verse."));
        s.click(s.named("deletePreset"));
        QTRY_VERIFY(s.shown("Deleted “Poet (copy)”"));
        s.click(s.shown("Undo"));
        QTRY_VERIFY(s.shown("Preset: Poet (copy)"));
        s.key(Qt::Key_Escape);
        s.say("Hello");
        QCOMPARE(last(s).messages.front().content, "In verse.");
    }

    void keptOverARestart() {
        {
            WindowSession s(m_folder->path());
            PresetModel& presets = *s.main->context().presets();
            const QString id = presets.add("Mine");
            presets.setValue(id, "topK", 3);
            presets.setForNewChats(id);
        }
        WindowSession s(m_folder->path());
        s.showReady();
        s.say("Hello");
        QCOMPARE(last(s).sampling.topK, 3u);
        PresetModel& presets = *s.main->context().presets();
        presets.remove(presets.forNewChats()); // the chat goes on with the first
        QCOMPARE(presets.forNewChats(), QStringLiteral("balanced"));
        s.say("Again");
        QCOMPARE(last(s).sampling.topK, 40u);
        presets.undo();
        s.say("And again");
        QCOMPARE(last(s).sampling.topK, 3u);
    }

    void whatDiffersBecomesAPreset() {
        WindowSession s(m_folder->path());
        s.showReady();
        s.say("Hello");
        s.main->context().generation()->set("temperature", 1.5);
        s.key(Qt::Key_Period, Qt::ControlModifier);
        QTRY_VERIFY(s.named("savePreset") && s.named("savePreset")->isVisible());
        s.click(s.named("savePreset"));
        QTRY_VERIFY(s.named("presetName")->hasActiveFocus());
        s.type("Hot");
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.shown("Preset: Hot"));
        QVERIFY(!s.main->context().chatSettings()->differs());
        s.key(Qt::Key_Escape);
        s.say("Go");
        QCOMPARE(last(s).sampling.temperature, 1.5f);
    }

    void aFullContextIsChosenThere() {
        WindowSession s(m_folder->path());
        s.showReady();
        s.say("Hello");
        QVERIFY(s.chat().dropsOldest());
        s.key(Qt::Key_Period, Qt::ControlModifier);
        QTRY_VERIFY(s.named("presetButton") && s.named("presetButton")->hasActiveFocus());
        QVERIFY(s.shown("End the answer"));
        s.click(s.shown("End the answer"));
        QTRY_VERIFY(!s.chat().dropsOldest());
        s.key(Qt::Key_Escape);
        s.say("Go");
        QCOMPARE(last(s).overflow, engine::OverflowPolicy::Stop);
    }

    void aDamagedFileIsSetAside() {
        QFile file(m_folder->filePath("presets.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{ not json");
        file.close();
        WindowSession s(m_folder->path());
        PresetModel& presets = *s.main->context().presets();
        QCOMPARE(presets.rowCount(), 3);
        QVERIFY(!presets.problem().isEmpty());
        QVERIFY(QFile::exists(m_folder->filePath("presets.json.damaged")));
        presets.add("New");
        QTRY_VERIFY(QFile::exists(m_folder->filePath("presets.json")));
        QVERIFY(presets.problem().isEmpty());
    }

private:
    static const engine::GenerationRequest& last(const WindowSession& s) {
        return s.engine.requests().back();
    }
    static QQuickItem* below(QQuickItem* parent, const char* name) {
        if (!parent) return nullptr;
        for (QQuickItem* item : WindowSession::itemsBelow(parent))
            if (item->objectName() == QLatin1String(name)) return item;
        return nullptr;
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_MAIN(TestPresets)
#include "tst_presets.moc"
