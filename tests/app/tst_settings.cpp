#include "presets/generation_settings.h"
#include "settings/language.h"
#include "settings/settings.h"
#include "settings/settings_model.h"
#include "settings/system_motion.h"

#include <QDir>
#include <QFileInfo>
#include <QSet>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace altiplano::app;

class TestSettings : public QObject {
    Q_OBJECT
private slots:
    void everySettingIsWhole() {
        QSet<QString> keys;
        for (const auto* settings : {&appSettings(), &generationSettings()})
            for (const Setting& setting : *settings) {
                QVERIFY2(!keys.contains(setting.key), setting.key);
                keys.insert(setting.key);
                QVERIFY2(*setting.title && *setting.explanation && *setting.group, setting.key);
                QVERIFY2(setting.checked(setting.usual) == setting.usual, setting.key);
                QVERIFY2((setting.kind == Setting::Choice) == !setting.options.empty(), setting.key);
                QVERIFY2(setting.kind != Setting::Number || setting.range.from < setting.range.to,
                         setting.key);
            }
    }

    void rememberedAndForgotten() {
        const QTemporaryDir folder;
        {
            Settings settings(folder.filePath("settings.ini"));
            const QSignalSpy changes(&settings, &Settings::changed);
            settings.store("engine/threads", 3);
            settings.store("engine/threads", 3);
            settings.store("look/theme", "dark");
            QCOMPARE(changes.size(), 2);
        }
        Settings settings(folder.filePath("settings.ini"));
        QCOMPARE(settings.value("engine/threads").toInt(), 3);
        QCOMPARE(settings.value("look/theme").toString(), QStringLiteral("dark"));
        settings.store("engine/threads", {});
        QCOMPARE(settings.value("engine/threads").toInt(), 0);
        settings.store("look/theme", "system"); // as it is anyway: nothing is kept
        QVERIFY(!settings.stored("look/theme").isValid());
    }

    void whatAFileSaysIsChecked_data() {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("key");
        QTest::addColumn<QVariant>("value");
        QTest::newRow("no number") << QByteArray("[engine]\nthreads=many") << "engine/threads"
                                   << QVariant(0.0);
        QTest::newRow("too many") << QByteArray("[engine]\nthreads=99999") << "engine/threads"
                                  << QVariant(1024.0);
        QTest::newRow("negative") << QByteArray("[engine]\ngpuLayers=-7") << "engine/gpuLayers"
                                  << QVariant(-1.0);
        QTest::newRow("infinite") << QByteArray("[engine]\nmemoryLimitGb=inf") << "engine/memoryLimitGb"
                                  << QVariant(0.0);
        QTest::newRow("no option") << QByteArray("[look]\ntheme=pink") << "look/theme"
                                   << QVariant(QStringLiteral("system"));
        QTest::newRow("huge font") << QByteArray("[look]\nfontPercent=1e9") << "look/fontPercent"
                                   << QVariant(200.0);
        QTest::newRow("as before") << QByteArray("[engine]\nkvQ8=true") << "engine/kvQ8" << QVariant(true);
    }

    void whatAFileSaysIsChecked() {
        QFETCH(const QByteArray, line);
        QFETCH(const QString, key);
        QFETCH(const QVariant, value);
        const QTemporaryDir folder;
        QFile file(folder.filePath("settings.ini"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(line) > 0);
        file.close();
        const Settings settings(file.fileName());
        QCOMPARE(settings.value(key.toLatin1().constData()), value);
    }

    void engineSettingsGoThereAndBack() {
        const QTemporaryDir folder;
        Settings settings(folder.filePath("settings.ini"));
        QCOMPARE(settings.engineSettings(), EngineSettings());
        EngineSettings chosen;
        chosen.threads = 5;
        chosen.gpuLayers = 12;
        chosen.kvQ8 = true;
        chosen.graphs = false;
        chosen.device = EngineSettings::Cuda;
        chosen.memoryLimit = 3'500'000'000;
        settings.setEngineSettings(chosen);
        QCOMPARE(settings.engineSettings(), chosen);
    }

    void searchLooksAtTitlesAndExplanations() {
        const QTemporaryDir folder;
        Settings settings(folder.filePath("settings.ini"));
        SettingsModel model(appSettings(), settings);
        QCOMPARE(static_cast<std::size_t>(model.count()), appSettings().size());
        model.setSearched("  THEME ");
        QCOMPARE(model.count(), 1);
        QCOMPARE(model.index(0).data(SettingsModel::KeyRole).toString(), QStringLiteral("look/theme"));
        model.setSearched("gpu layers");
        QCOMPARE(model.index(0).data(SettingsModel::KeyRole).toString(), QStringLiteral("engine/gpuLayers"));
        model.setSearched("nothing has this");
        QCOMPARE(model.count(), 0);
    }

    void oneAtATimeIsReset() {
        const QTemporaryDir folder;
        Settings settings(folder.filePath("settings.ini"));
        SettingsModel model(appSettings(), settings);
        model.step("look/fontPercent", 2);
        model.choose("look/theme", 2);
        QCOMPARE(model.value("look/fontPercent").toInt(), 120);
        QCOMPARE(model.value("look/theme").toString(), QStringLiteral("dark"));
        model.reset("look/theme");
        QCOMPARE(model.value("look/theme").toString(), QStringLiteral("system"));
        QCOMPARE(model.value("look/fontPercent").toInt(), 120);
    }

    void motionAsTheDesktopsFilesSay() {
        const QTemporaryDir folder;
        const auto write = [&](const QString& name, const QByteArray& text) {
            QDir(folder.path()).mkpath(QFileInfo(name).path());
            QFile file(folder.filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) > 0);
        };
        QVERIFY(!filesReduceMotion(folder.path()));
        write("gtk-3.0/settings.ini", "[Settings]\ngtk-enable-animations=0\n");
        QVERIFY(filesReduceMotion(folder.path()));
        write("gtk-4.0/settings.ini", "[Settings]\ngtk-enable-animations=true\n"); // the newer one counts
        QVERIFY(!filesReduceMotion(folder.path()));
        write("kdeglobals", "[KDE]\nAnimationDurationFactor=0\n");
        QVERIFY(filesReduceMotion(folder.path()));
    }

    void theLanguageThatSuitsBest() {
        QCOMPARE(spokenLanguage({"fr-FR", "de-AT", "en-US"}), QStringLiteral("de"));
        QCOMPARE(spokenLanguage({"zh-Hans-CN"}), QStringLiteral("zh_CN"));
        QCOMPARE(spokenLanguage({"zh-TW", "de"}), QStringLiteral("de")); // another script
        QCOMPARE(spokenLanguage({"fr-FR"}), QStringLiteral("en"));
        QCOMPARE(spokenLanguage({}), QStringLiteral("en"));
        QCOMPARE(spokenLanguage({"en-GB", "de"}), QStringLiteral("en"));
    }
};

QTEST_GUILESS_MAIN(TestSettings)
#include "tst_settings.moc"
