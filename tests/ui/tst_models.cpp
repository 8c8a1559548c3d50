#include "window_session.h"

#include "support/gguf_writer.h"
#include "support/tiny_model.h"

#include <QAccessible>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace altiplano;
using namespace altiplano::app;

/// The Models page of the real window, over tiny model files.
class TestModels : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        qputenv("ALTIPLANO_REDUCED_MOTION", "1");
        QAccessible::setActive(true); // as with a screen reader
        setUpApplication();
    }
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        qputenv("ALTIPLANO_STARTER_MODEL", m_folder->filePath("none.gguf").toLocal8Bit());
        QVERIFY(QDir(m_folder->path()).mkpath("models"));
    }

    void thePickerOpensIt() {
        addModel("alpha.Q8_0.gguf");
        Session s(*this);
        s.click(s.named("modelChip"));
        s.clickOn("All models…");
        QTRY_VERIFY(s.named("modelsPage"));
        QTRY_VERIFY(s.shown("alpha.Q8_0")); // the file says that it is F32
        s.key(Qt::Key_Escape);
        QTRY_VERIFY(!s.named("modelsPage"));
        QVERIFY(s.named("composer")->hasActiveFocus());
    }

    void arrowsAndEnterLoad() {
        addModel("alpha.gguf");
        addModel("beta.gguf");
        Session s(*this);
        s.openPage(2);
        QTRY_VERIFY(s.card(0) && s.card(0)->hasActiveFocus());
        s.key(Qt::Key_Down);
        QVERIFY(s.card(1)->hasActiveFocus());
        s.engine.setLoadMs(300);
        s.key(Qt::Key_Return);
        QCOMPARE(s.engine.loads().last().path, path("beta.gguf"));
        QTRY_VERIFY(s.shown("Cancel"));
        QTRY_VERIFY(s.shown("In use"));
        QVERIFY(s.card(1)->property("inUse").toBool());
        s.key(Qt::Key_Return); // and then one writes to it
        QTRY_VERIFY(!s.named("modelsPage"));
        QVERIFY(s.named("composer")->hasActiveFocus());
    }

    void aLoadIsCancelled() {
        addModel("alpha.gguf");
        Session s(*this);
        s.openPage(1);
        s.engine.setLoadMs(60'000);
        s.clickOn("Load");
        s.clickOn("Cancel");
        QTRY_VERIFY(s.shown("Load"));
        QVERIFY(!s.card(0)->property("loading").toBool());
    }

    void unload() {
        addModel("alpha.gguf");
        Session s(*this);
        s.openPage(1);
        s.clickOn("Load");
        s.clickOn("Unload");
        QTRY_COMPARE(s.main->context().model()->state(), ModelController::None);
        QTRY_VERIFY(s.shown("Load"));
    }

    void cardsTellAndAreRead() {
        test::GgufWriter writer = test::tinyModelWriter();
        writer.set("general.license", std::string("mit"));
        writer.write(path("alpha.gguf").toStdString());
        QFile bad(path("bad.gguf"));
        QVERIFY(bad.open(QIODevice::WriteOnly) && bad.write("Dear diary") > 0);
        bad.close();
        Session s(*this);
        s.openPage(2);
        QTRY_VERIFY(s.card(0));
        const QString facts = s.card(0)->property("facts").toString();
        QVERIFY2(facts.contains("F32") && facts.contains("512 context") && facts.contains("llama · mit"),
                 qPrintable(facts));
        QVERIFY(s.shown(facts));
        QAccessibleInterface* face = QAccessible::queryAccessibleInterface(s.card(0));
        QVERIFY(face);
        QCOMPARE(face->role(), QAccessible::ListItem);
        QCOMPARE(face->text(QAccessible::Name), QStringLiteral("alpha"));
        QVERIFY(face->text(QAccessible::Description).contains("mit"));
        face = QAccessible::queryAccessibleInterface(s.card(1));
        QVERIFY(face->text(QAccessible::Description).contains("not a GGUF file"));
        s.key(Qt::Key_End);
        s.key(Qt::Key_Return); // what cannot run is not tried
        QVERIFY(s.engine.loads().isEmpty());
    }

    void theVerdictIsOnTheCardAndRead() {
        addModel("alpha.gguf");
        Session s(*this);
        s.openPage(1);
        QTRY_VERIFY(s.shown("Runs fully on the CPU") || s.shown("All 1 layers on the GPU"));
        QTRY_VERIFY(s.shownStartingWith("Runs fully") || s.shownStartingWith("All 1 layers"));
        QAccessibleInterface* face = QAccessible::queryAccessibleInterface(s.card(0));
        QTRY_VERIFY(face->text(QAccessible::Description).contains(" on the "));
    }

    void settingsOfOneModel() {
        addModel("alpha.gguf", 1, 8192);
        addModel("beta.gguf", 1, 8192);
        Session s(*this);
        s.openPage(2);
        QTRY_VERIFY(s.card(0) && s.card(0)->hasActiveFocus());
        s.key(Qt::Key_Tab); // Load
        s.key(Qt::Key_Tab); // its settings
        s.key(Qt::Key_Return);
        QTRY_VERIFY(opened(s));
        QVERIFY(s.shown("1k") && s.shown("8k") && !s.shown("16k"));
        const auto sceneX = [&](const char* text) { return s.shown(text)->mapToScene({}).x(); };
        QTRY_VERIFY(sceneX("1k") < sceneX("2k") && sceneX("2k") < sceneX("8k")); // laid out
        s.click(s.shown("2k"));
        s.click(s.shown("8 bits"));
        QTRY_VERIFY(s.shownContaining("with 2k context")); // the verdict follows
        s.click(s.shown("Load", "modelSettings"));
        QTRY_VERIFY(!opened(s));
        QCOMPARE(s.engine.loads().last().path, path("alpha.gguf"));
        QCOMPARE(s.engine.loads().last().contextTokens, 2048u);
        QVERIFY(s.engine.loads().last().settings.kvQ8);
        QTRY_VERIFY(s.card(0)->hasActiveFocus());
        QTRY_COMPARE(s.main->context().model()->state(), ModelController::Ready);
        s.key(Qt::Key_Down);
        s.key(Qt::Key_Return); // the other is loaded as ever
        QCOMPARE(s.engine.loads().last().path, path("beta.gguf"));
        QCOMPARE(s.engine.loads().last().contextTokens, LoadRequest().contextTokens);
        QVERIFY(!s.engine.loads().last().settings.kvQ8);
    }

    void settingsGoBackToTheUsual() {
        addModel("alpha.gguf", 1, 8192);
        Session s(*this);
        s.settings.setModelSettings(path("alpha.gguf"), ModelSettings{1024, {}});
        s.openPage(1);
        QTRY_VERIFY(s.shownContaining("with 1k context"));
        s.click(s.named("modelSettingsButton"));
        QTRY_VERIFY(s.shown("Like all others"));
        s.click(s.shown("Like all others"));
        QTRY_VERIFY(!s.shown("Like all others"));
        QTRY_VERIFY(s.shownContaining("with 4k context"));
        s.key(Qt::Key_Escape);
        QTRY_VERIFY(!opened(s));
        QVERIFY(s.named("modelsPage"));
    }

    void aFileThatVanishedIsSaidWithAWayOn() {
        addModel("alpha.gguf");
        Session s(*this);
        s.openPage(1);
        QTRY_VERIFY(s.card(0) && s.card(0)->hasActiveFocus());
        s.engine.refuse("alpha.gguf",
                        {engine::ErrorCode::File, "cannot be opened: No such file or directory"});
        QVERIFY(QFile::remove(path("alpha.gguf"))); // between the scan and the load
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.shown("alpha.gguf is not there any more"));
        QTRY_COMPARE(s.library().total(), 0);
        s.click(s.shown("All models…"));
        QTRY_VERIFY(!s.shown("alpha.gguf is not there any more"));
        QVERIFY(s.named("modelsPage"));
    }

    void aFileThatVanishesInUseIsSaid() {
        addModel("alpha.gguf");
        Session s(*this);
        s.main->context().model()->open(path("alpha.gguf"));
        QTRY_COMPARE(s.main->context().model()->state(), ModelController::Ready);
        QVERIFY(QFile::remove(path("alpha.gguf")));
        QTRY_VERIFY(s.shown("The file alpha.gguf is gone"));
        s.say("Are you still there?");
        QTRY_VERIFY(s.shown("An answer."));
        s.click(s.shown("All models…"));
        QTRY_VERIFY(s.named("modelsPage"));
    }

    void searchAndOrder() {
        addModel("alpha.gguf");
        addModel("beta.gguf");
        addModel("gamma.gguf", 5);
        Session s(*this);
        s.openPage(3);
        s.key(Qt::Key_F, Qt::ControlModifier);
        s.type("bet");
        QTRY_COMPARE(s.library().shown(), 1);
        QTRY_VERIFY(s.shown("beta") && !s.shown("alpha"));
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.card(0)->hasActiveFocus());
        s.key(Qt::Key_Escape); // first the words go, then the page
        QTRY_COMPARE(s.library().shown(), 3);
        s.clickOn("Size");
        QCOMPARE(s.library().order(), ModelLibrary::BySize);
        QTRY_COMPARE(s.card(0)->property("name").toString(), QStringLiteral("gamma"));
    }

    void theEmptyPageTeaches() {
        Session s(*this);
        s.openPage(0);
        QTRY_VERIFY(s.shownStartingWith("No models yet."));
        QVERIFY(s.shown(m_folder->filePath("models")));
        QVERIFY(s.shown("Add a folder…") && s.shown("Open a model file…") && s.shown("Get more models"));
        addModel("alpha.gguf");
        QTRY_VERIFY(s.shown("alpha"));
        QVERIFY(!s.shownStartingWith("No models yet."));
    }

    void foldersAreRemovedByTheirButton() {
        QVERIFY(QDir(m_folder->path()).mkpath("more"));
        Session s(*this);
        s.settings.setModelFolders({m_folder->filePath("more")});
        s.openPage(0);
        QTRY_VERIFY(s.shown(m_folder->filePath("more")));
        s.click(s.named("removeFolder"));
        QTRY_VERIFY(!s.shown(m_folder->filePath("more")));
        QVERIFY(s.settings.modelFolders().isEmpty());
    }

    void theTrashAsks() {
        QVERIFY(QDir(m_folder->path()).mkpath("home"));
        qputenv("HOME", m_folder->filePath("home").toUtf8());
        qputenv("XDG_DATA_HOME", m_folder->filePath("home/data").toUtf8());
        addModel("alpha.gguf");
        Session s(*this);
        s.openPage(1);
        QTRY_VERIFY(s.card(0) && s.card(0)->hasActiveFocus());
        const auto ask = [&] {
            s.key(Qt::Key_Menu);
            s.clickOn("Move to the trash…");
            QTRY_VERIFY(s.shown("Move alpha to the trash?"));
        };
        ask();
        s.key(Qt::Key_Escape);
        QTRY_VERIFY(!s.shown("Move alpha to the trash?"));
        QVERIFY(QFile::exists(path("alpha.gguf")));
        QTRY_VERIFY(s.card(0)->hasActiveFocus());
        ask();
        s.clickOn("Move to the trash");
        QTRY_VERIFY(!QFile::exists(path("alpha.gguf")));
        QTRY_COMPARE(s.library().total(), 0);
    }

    void anotherChatClosesIt() {
        addModel("alpha.gguf");
        Session s(*this);
        s.openPage(1);
        s.key(Qt::Key_L, Qt::ControlModifier);
        QTRY_VERIFY(!s.named("modelsPage"));
        s.key(Qt::Key_M, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(s.named("modelsPage"));
        s.key(Qt::Key_M, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(!s.named("modelsPage"));
        QVERIFY(s.named("composer")->hasActiveFocus());
    }

private:
    static bool opened(const WindowSession& s) {
        return s.object("modelSettings")->property("opened").toBool();
    }
    struct Session : WindowSession {
        explicit Session(const TestModels& test) : WindowSession(test.m_folder->path()) {
            main->show({});
            [&] { QVERIFY(QTest::qWaitForWindowExposed(window())); }();
        }
        void openPage(int models) {
            key(Qt::Key_M, Qt::ControlModifier | Qt::ShiftModifier);
            QTRY_VERIFY(named("modelsPage"));
            QTRY_COMPARE(library().total(), models);
            QTRY_VERIFY(!library().scanning());
        }
        void clickOn(const QString& text) const {
            QTRY_VERIFY2(shown(text), qPrintable(text));
            click(shown(text));
        }
        ModelLibrary& library() const { return *main->context().library(); }
        QQuickItem* card(int row) const {
            QQuickItem* item = nullptr;
            QMetaObject::invokeMethod(named("modelList"), "itemAtIndex", Q_RETURN_ARG(QQuickItem*, item),
                                      Q_ARG(int, row));
            return item;
        }
        using WindowSession::shown;
        /// In what lies below the object of that name.
        QQuickItem* shown(const QString& text, const char* below) const {
            auto* popup = window()->findChild<QObject*>(QLatin1String(below));
            for (QQuickItem* item : itemsBelow(popup->property("contentItem").value<QQuickItem*>()))
                if (item->isVisible() && item->property("text").toString() == text) return item;
            return nullptr;
        }
        QQuickItem* shownContaining(const QString& text) const {
            for (QQuickItem* item : items())
                if (item->isVisible() && item->property("text").toString().contains(text)) return item;
            return nullptr;
        }
        QQuickItem* shownStartingWith(const QString& text) const {
            for (QQuickItem* item : items())
                if (item->isVisible() && item->property("text").toString().startsWith(text)) return item;
            return nullptr;
        }
    };

    QString path(const QString& name) const { return m_folder->filePath("models/" + name); }
    void addModel(const QString& name, std::uint32_t layers = 1, std::uint32_t context = 4096) const {
        test::TinyModelOptions options;
        options.contextLength = context;
        options.layers = layers;
        test::writeTinyModel(path(name).toStdString(), options);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_MAIN(TestModels)
#include "tst_models.moc"
