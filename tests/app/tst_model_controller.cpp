#include "model_controller.h"
#include "scripted_engine.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace altiplano;
using namespace altiplano::app;

class TestModelController : public QObject {
    Q_OBJECT
private slots:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("ALTIPLANO_STARTER_MODEL", file("starter.gguf", false).toLocal8Bit());
    }

    void nothingToOpen() {
        Session s(*this);
        s.model.openFirst({});
        QCOMPARE(s.model.state(), ModelController::None);
        QVERIFY(s.engine.loads().isEmpty());
    }

    void starterAtFirst() {
        const QString starter = file("starter.gguf");
        Session s(*this);
        s.model.openFirst({});
        QCOMPARE(s.model.state(), ModelController::Loading);
        QCOMPARE(s.engine.loads().last().path, starter);
    }

    void theGivenFileWins() {
        file("starter.gguf");
        const QString other = file("other.gguf");
        Session s(*this);
        s.model.openFirst(other);
        QCOMPARE(s.engine.loads().last().path, other);
    }

    void lastOneReopens() {
        file("starter.gguf");
        const QString other = file("other.gguf");
        {
            Session s(*this);
            s.model.open(other);
            QTRY_COMPARE(s.model.state(), ModelController::Ready);
            QCOMPARE(s.model.path(), other);
        }
        Session again(*this);
        again.model.openFirst({});
        QCOMPARE(again.engine.loads().last().path, other);
    }

    void aLastOneThatIsGoneIsSkipped() {
        const QString starter = file("starter.gguf");
        const QString other = file("other.gguf");
        {
            Session s(*this);
            s.model.open(other);
            QTRY_COMPARE(s.model.state(), ModelController::Ready);
        }
        QVERIFY(QFile::remove(other));
        Session again(*this);
        again.model.openFirst({});
        QCOMPARE(again.engine.loads().last().path, starter);
        QCOMPARE(again.model.choices(), QStringList{starter});
    }

    void progress() {
        Session s(*this);
        s.engine.setLoadMs(120);
        const QSignalSpy progressed(&s.model, &ModelController::progressChanged);
        s.model.open(file("a.gguf"));
        QCOMPARE(s.model.loadingName(), QStringLiteral("a.gguf"));
        double last = 0;
        bool grows = true;
        connect(&s.model, &ModelController::progressChanged, this, [&] {
            grows = grows && s.model.progress() >= last && s.model.progress() <= 1;
            last = s.model.progress();
        });
        QTRY_COMPARE(s.model.state(), ModelController::Ready);
        QVERIFY(progressed.size() > 2);
        QVERIFY(grows && last > 0);
    }

    void cancelled() {
        Session s(*this);
        s.engine.setLoadMs(60'000);
        s.model.open(file("a.gguf"));
        s.model.cancel();
        QTRY_COMPARE(s.model.state(), ModelController::None);
        QCOMPARE(s.model.problem(), ModelController::NoProblem);
        QVERIFY(s.settings.recentModels().isEmpty());
    }

    void aRefusedFileLeavesTheModel() {
        Session s(*this);
        s.model.open(file("good.gguf"));
        QTRY_COMPARE(s.model.state(), ModelController::Ready);
        const QString bad = file("bad.gguf");
        s.engine.refuse("bad.gguf", {engine::ErrorCode::BadFile, bad.toStdString() + ": not a GGUF file"});
        s.model.open(bad);
        QTRY_COMPARE(s.model.problem(), ModelController::BadFile);
        QCOMPARE(s.model.problemFile(), QStringLiteral("bad.gguf"));
        QCOMPARE(s.model.problemSentence(), QStringLiteral("Not a GGUF file"));
        QCOMPARE(s.model.state(), ModelController::Ready);
        QCOMPARE(s.model.name(), QStringLiteral("good"));
        s.model.dismissProblem();
        QCOMPARE(s.model.problem(), ModelController::NoProblem);
        QCOMPARE(s.settings.recentModels().size(), 1);
    }

    void tooBigOffersAShorterContext() {
        Session s(*this);
        s.engine.refuse("big.gguf", {engine::ErrorCode::OutOfMemory, "too big; 2048 tokens of context fit"});
        s.model.open(file("big.gguf"));
        QTRY_COMPARE(s.model.problem(), ModelController::TooBig);
        QCOMPARE(s.model.state(), ModelController::None);
        s.model.shortenContext();
        QTRY_COMPARE(s.model.state(), ModelController::Ready);
        QCOMPARE(s.model.contextTokens(), 2048);
        QCOMPARE(s.model.problem(), ModelController::NoProblem);
    }

    void aCrashIsNotRepeated() {
        const QString path = file("starter.gguf");
        {
            Session s(*this);
            s.crashes = true;
            s.engine.setLoadMs(60'000);
            s.model.openFirst({}); // and the process ends here
        }
        Session again(*this);
        again.model.openFirst({});
        QCOMPARE(again.model.problem(), ModelController::CrashedBefore);
        QVERIFY(again.engine.loads().isEmpty());
        again.model.loadAgain();
        QTRY_COMPARE(again.model.state(), ModelController::Ready);
        QCOMPARE(again.model.path(), path);
    }

    /// A crash later on, while it answers, counts as well; a model that was unloaded or refused does not.
    void norOneWithALoadedModel() {
        file("starter.gguf");
        const QString letter = file("letter.gguf");
        for (const bool unloaded : {false, true}) {
            {
                Session s(*this);
                s.crashes = true;
                s.engine.refuse("letter.gguf", {engine::ErrorCode::BadFile, "no"});
                s.model.openFirst(ModelController::starterModel());
                QTRY_COMPARE(s.model.state(), ModelController::Ready);
                s.model.open(letter);
                QTRY_COMPARE(s.model.problem(), ModelController::BadFile);
                if (unloaded) {
                    s.engine.unload();
                    QTRY_COMPARE(s.model.state(), ModelController::None);
                }
            }
            Session again(*this);
            again.model.openFirst({});
            QCOMPARE(again.model.problem() == ModelController::CrashedBefore, !unloaded);
        }
    }

    void onlyLocalFiles() {
        Session s(*this);
        s.model.openUrl(QUrl("https://example.org/model.gguf"));
        QCOMPARE(s.model.problem(), ModelController::BadFile);
        QVERIFY(s.engine.loads().isEmpty());
        s.model.openUrl(QUrl::fromLocalFile(file("with space & ünicode.gguf")));
        QTRY_COMPARE(s.model.state(), ModelController::Ready);
        QVERIFY(s.model.path().endsWith(QStringLiteral("with space & ünicode.gguf")));
    }

    void names_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("name");
        const auto row = [](const char* path, const char* name) { QTest::newRow(path) << path << name; };
        row("/m/SmolLM2-135M-Instruct.Q4_1.gguf", "SmolLM2-135M-Instruct");
        row("/m/model.gguf", "model");
        row("/m/x.Q4_1-00001-of-00003.gguf", "x");
        row("/m/Q4_1.gguf", "Q4_1");
    }
    void names() {
        QFETCH(QString, path);
        QFETCH(QString, name);
        Session s(*this);
        s.engine.setQuantization("Q4_1");
        s.model.open(path);
        QTRY_COMPARE(s.model.state(), ModelController::Ready);
        QCOMPARE(s.model.name(), name);
    }

    void recentOnesNewestFirst() {
        Session s(*this);
        for (int i = 0; i < 9; ++i)
            s.settings.addRecentModel(file(QStringLiteral("%1.gguf").arg(i)));
        s.settings.addRecentModel(file("5.gguf"));
        QCOMPARE(s.model.choices().size(), 6);
        QVERIFY(s.model.choices().first().endsWith("5.gguf"));
        QVERIFY(s.model.choices().at(1).endsWith("8.gguf"));
    }

private:
    struct Session {
        explicit Session(TestModelController& test) : settings(test.m_folder->filePath("settings.ini")) {
            engine.setLoadMs(20);
        }
        ~Session() {
            if (!crashes) settings.setModelInUse({}); // as the window does at its end
        }
        Settings settings;
        bool crashes = false;
        ScriptedEngine engine;
        ModelController model{engine, settings};
    };

    QString file(const QString& name, bool create = true) {
        const QString path = m_folder->filePath(name);
        QFile made(path);
        if (create && !made.open(QIODevice::WriteOnly)) qFatal("cannot write %s", qPrintable(path));
        return path;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestModelController)
#include "tst_model_controller.moc"
