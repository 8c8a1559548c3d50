#include "window_session.h"

#include <QClipboard>
#include <QFile>
#include <QGuiApplication>
#include <QMimeData>
#include <QPalette>
#include <QRegularExpression>
#include <QSignalSpy>

#include <stdexcept>

using namespace altiplano;
using namespace altiplano::app;

namespace {

struct Session : WindowSession {
    using WindowSession::WindowSession;

    /// As the app starts: with a model, or with what it finds.
    void show(const QString& model = {}) const {
        QVERIFY(window());
        main->show(model);
        QVERIFY(QTest::qWaitForWindowExposed(window()));
        QTRY_VERIFY(!engine.loads().isEmpty() || main->context().model()->choices().isEmpty());
    }
    ModelController& model() const { return *main->context().model(); }
    QString written() const { return named("composer")->property("text").toString(); }
};

} // namespace

class TestMainWindow : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { setUpWindowTests(); }
    void init() {
        m_folder = emptyFolder();
        m_path = m_folder->path();
        QGuiApplication::setPalette({});
    }

    void aWindowThatCannotBeLoadedSaysWhy() {
        Settings settings(m_path + "/settings.ini");
        ScriptedEngine engine;
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression("QQmlApplicationEngine failed to load.*"));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression("qrc:/Nowhere.qml.*"));
        try {
            const MainWindow window(engine, settings, QUrl("qrc:/Nowhere.qml"));
            QFAIL("there is no such page");
        } catch (const std::runtime_error& error) {
            const QString why = QString::fromUtf8(error.what());
            QVERIFY2(why.startsWith("The window could not be loaded: ") && why.contains("Nowhere.qml"),
                     qPrintable(why));
        }
    }

    void typingAndEnterSends() {
        Session s(m_path);
        s.engine.setAnswers(
            {{QStringLiteral("Streams in, word by word.\n\nAnd a second paragraph."), 60, 10, 30}});
        s.showReady();
        s.type("Hello");
        QCOMPARE(s.written(), QStringLiteral("Hello"));
        s.key(Qt::Key_Return);
        QCOMPARE(s.written(), QString());
        QVERIFY(s.chat().busy());
        QTRY_VERIFY(!s.engine.requests().empty());
        QCOMPARE(s.engine.requests().back().messages.back().content, "Hello");
        QTRY_VERIFY(s.shown("Hello"));
        QTRY_VERIFY(s.chat().messages()->rowCount() == 2 && !s.chat().messages()->text(1).isEmpty());
        QTRY_VERIFY(s.shown(s.chat().messages()->text(1))); // while more is to come
        QVERIFY(s.chat().messages()->text(1).size() < 30);
        QTRY_VERIFY(!s.chat().busy());
        QVERIFY(s.shown("Streams in, word by word."));
        QVERIFY(s.shown("And a second paragraph."));
        QVERIFY(s.named("composer")->hasActiveFocus());
    }

    void shiftEnterBreaksTheLine() {
        Session s(m_path);
        s.showReady();
        s.type("a");
        s.key(Qt::Key_Return, Qt::ShiftModifier);
        s.type("b");
        QCOMPARE(s.written(), QStringLiteral("a\nb"));
        QVERIFY(s.engine.requests().empty());
    }

    void typedBeforeTheModelIsThere() {
        Session s(m_path);
        s.engine.setLoadMs(150);
        s.show("/models/slow.gguf");
        s.type("Quick");
        s.key(Qt::Key_Enter);
        QTRY_VERIFY(s.shown("An answer."));
    }

    void enterWithoutAModelKeepsTheText() {
        Session s(m_path);
        s.show();
        s.type("Hello");
        s.key(Qt::Key_Return);
        QCOMPARE(s.written(), QStringLiteral("Hello"));
        QVERIFY(s.shown("Choose a model to begin"));
    }

    void escapeAndTheButtonStop() {
        Session s(m_path);
        s.engine.setAnswers({{QStringLiteral("word ").repeated(2000), 100, 10, 0}});
        s.showReady();
        for (const bool byKey : {true, false}) {
            s.type("Go");
            s.click(s.named("sendButton"));
            QTRY_VERIFY(s.chat().tokensPerSecond() > 0);
            QCOMPARE(s.named("sendButton")->property("text").toString(), QStringLiteral("Stop"));
            if (byKey)
                s.key(Qt::Key_Escape);
            else
                s.click(s.named("sendButton"));
            QTRY_VERIFY(!s.chat().busy());
            QTRY_VERIFY(s.shown("Stopped"));
        }
    }

    void answerAgain() {
        Session s(m_path);
        s.engine.setAnswers(
            {{QStringLiteral("One way."), 2000, 10, 0}, {QStringLiteral("Another way."), 2000, 10, 0}});
        s.showReady();
        s.type("How");
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.shown("One way.") && !s.chat().busy());
        s.key(Qt::Key_R, Qt::ControlModifier);
        QTRY_VERIFY(s.shown("Another way.") && !s.chat().busy());
        QVERIFY(!s.shown("One way."));
        QCOMPARE(s.engine.requests().size(), 2u);
    }

    void aSuggestionIsSent() {
        Session s(m_path);
        s.showReady();
        QTRY_VERIFY(s.shown("Why is the sky blue?"));
        s.click(s.shown("Why is the sky blue?"));
        QTRY_VERIFY(!s.engine.requests().empty());
        QCOMPARE(s.engine.requests().back().messages.back().content, "Why is the sky blue?");
        QVERIFY(s.named("composer")->hasActiveFocus());
    }

    void anUnusableFileIsASentence() {
        Session s(m_path);
        s.engine.refuse("letter.gguf", {engine::ErrorCode::BadFile, "letter.gguf: not a GGUF file"});
        s.showReady();
        s.model().open("/tmp/letter.gguf");
        QTRY_VERIFY(s.shown("letter.gguf cannot be opened"));
        QVERIFY(s.shown("Not a GGUF file"));
        QVERIFY(s.shown("Choose another file…"));
        s.type("Still there");
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.shown("An answer."));
        s.click(s.shown("Dismiss"));
        QTRY_VERIFY(!s.shown("letter.gguf cannot be opened"));
    }

    void notesAboutAModelAreShown() {
        Session s(m_path);
        s.engine.setNotes({"The file has no chat template."});
        s.showReady();
        QTRY_VERIFY(s.shown("The file has no chat template."));
        s.click(s.shown("Dismiss"));
        QTRY_VERIFY(!s.shown("The file has no chat template."));
    }

    void theContextMenuCopies() {
        Session s(m_path);
        s.showReady();
        s.type("Go");
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.shown("An answer.") && !s.chat().busy());
        QQuickItem* answer = s.shown("An answer.");
        QGuiApplication::clipboard()->clear();
        QTest::mouseClick(s.window(), Qt::RightButton, {}, answer->mapToScene({10, 10}).toPoint());
        QObject* menu = s.window()->findChild<QObject*>(QStringLiteral("messageMenu"));
        QVERIFY(menu);
        QTRY_VERIFY(menu->property("opened").toBool());
        s.key(Qt::Key_Down);
        s.key(Qt::Key_Return);
        QTRY_COMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("An answer."));
    }

    void aBrokenAnswerCanBeTriedAgain() {
        Session s(m_path);
        ScriptedEngine::Answer broken{QStringLiteral("Half an answer"), 2000, 10, 0};
        broken.failAfterTokens = 2;
        broken.failure = {engine::ErrorCode::Device, "The device went away."};
        s.engine.setAnswers({broken, {QStringLiteral("Whole."), 2000, 10, 0}});
        s.showReady();
        s.type("Go");
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.shown("The device went away."));
        QVERIFY(s.shown("Half an"));
        s.click(s.shown("Try again"));
        QTRY_VERIFY(s.shown("Whole."));
    }

    /// The GPU is gone, as after suspend: one click goes on with the answer, on the CPU.
    void aLostGpuOffersTheCpu() {
        Session s(m_path);
        ScriptedEngine::Answer broken{QStringLiteral("Half an answer"), 2000, 10, 0};
        broken.failAfterTokens = 2;
        broken.failure = {engine::ErrorCode::Device, "The device went away."};
        s.engine.setAnswers({broken, {QStringLiteral(" and the rest."), 2000, 10, 0}});
        ModelInfo info;
        info.backend = QStringLiteral("cuda");
        s.engine.setInfo(info);
        s.showReady();
        const LoadRequest before = s.engine.loads().last();
        s.type("Go");
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.shown("The GPU failed while Tiny-Model answered") ||
                    s.shown("The GPU failed while Tiny-Model.Q4_0.gguf answered"));
        info.backend = QStringLiteral("cpu");
        s.engine.setInfo(info);
        s.click(s.shown("Load it on the CPU"));
        QTRY_VERIFY(s.shown("Half an and the rest."));
        LoadRequest onCpu = before;
        onCpu.settings.device = EngineSettings::Cpu;
        QCOMPARE(s.engine.loads().last(), onCpu);
        QCOMPARE(s.engine.requests().back().answerSoFar, std::string("Half an"));
        QVERIFY(!s.shown("Load it on the CPU"));
        QVERIFY(s.named("composer")->hasActiveFocus());
        QCOMPARE(s.settings.engineSettings().device, EngineSettings::Auto); // the next time it is tried again
    }

    void aDroppedFileIsOpened() {
        const QString path = m_folder->filePath("dropped model.gguf");
        Session s(m_path);
        s.show();
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(path)});
        QDragEnterEvent enter({200, 200}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(s.window(), &enter);
        QVERIFY(enter.isAccepted());
        QTRY_VERIFY(s.shown("Drop to open this model"));
        QDropEvent drop({200, 200}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(s.window(), &drop);
        QTRY_COMPARE(s.model().state(), ModelController::Ready);
        QCOMPARE(s.engine.loads().last().path, path);
    }

    void loadingShowsProgressAndCancels() {
        Session s(m_path);
        s.engine.setLoadMs(60'000);
        s.show("/models/huge.gguf");
        QTRY_VERIFY(s.shown("Loading huge.gguf"));
        QTRY_VERIFY(s.model().progress() > 0);
        s.click(s.shown("Cancel"));
        QTRY_VERIFY(s.shown("Choose a model to begin"));
        QCOMPARE(s.model().state(), ModelController::None);
    }

    void theLastModelReopens() {
        const QString path = m_folder->filePath("mine.gguf");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        {
            Session s(m_path);
            s.show(path);
            QTRY_COMPARE(s.model().state(), ModelController::Ready);
            s.window()->resize(777, 555);
            QTRY_COMPARE(s.window()->width(), 777);
        }
        Session s(m_path);
        s.show();
        QTRY_COMPARE(s.model().state(), ModelController::Ready);
        QCOMPARE(s.model().path(), path);
        QCOMPARE(s.window()->size(), QSize(777, 555));
    }

    void theStarterModelAtFirst() {
        QFile file(m_folder->filePath("starter.gguf"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        Session s(m_path);
        s.show();
        QTRY_VERIFY(s.shown("starter is ready"));
    }

    void scrollingUpLetsGoOfTheTail() {
        Session s(m_path);
        s.engine.setAnswers({{QStringLiteral("A line of an answer.\n\n").repeated(400), 800, 10, 0}});
        s.showReady();
        s.type("Go");
        s.key(Qt::Key_Return);
        QQuickItem* list = s.named("messages");
        QTRY_VERIFY(list->property("contentHeight").toReal() > 2 * list->height());
        QVERIFY(list->property("follow").toBool());
        s.key(Qt::Key_PageUp);
        const qreal where = list->property("contentY").toReal();
        const qreal height = list->property("contentHeight").toReal();
        QTRY_VERIFY(list->property("contentHeight").toReal() > height + 200); // it goes on below
        QCOMPARE(list->property("contentY").toReal(), where);
        QTRY_VERIFY(s.shown("Latest"));
        s.click(s.shown("Latest"));
        QTRY_VERIFY(list->property("follow").toBool());
        QTRY_VERIFY(!s.shown("Latest"));
        s.key(Qt::Key_Escape);
        QTRY_VERIFY(!s.chat().busy());
    }

    void followsThePalette() {
        Session s(m_path);
        s.showReady();
        const QColor light = s.window()->color();
        QPalette dark;
        dark.setColor(QPalette::Window, QColor(30, 30, 30));
        QGuiApplication::setPalette(dark);
        QTRY_VERIFY(s.window()->color() != light);
        QVERIFY(s.window()->color().lightnessF() < 0.3f);
        QGuiApplication::setPalette({});
        QTRY_COMPARE(s.window()->color(), light);
    }

    /// Every control has a name for those who do not see it, and the keyboard reaches it.
    void controlsHaveNames() {
        Session s(m_path);
        s.showReady();
        s.type("Go");
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.shown("An answer."));
        int controls = 0;
        for (QQuickItem* item : s.items()) {
            if (!item->inherits("QQuickAbstractButton") && item->objectName() != QLatin1String("composer"))
                continue;
            if (!item->isVisible()) continue;
            ++controls;
            QAccessibleInterface* access = QAccessible::queryAccessibleInterface(item);
            QVERIFY2(access, item->metaObject()->className());
            QVERIFY2(!access->text(QAccessible::Name).isEmpty(), qPrintable(item->metaObject()->className()));
            QVERIFY2(item->property("focusPolicy").toInt() & Qt::TabFocus || item->activeFocusOnTab(),
                     qPrintable(access->text(QAccessible::Name)));
        }
        QVERIFY(controls >= 6);
    }

    void tabReachesTheControls() {
        Session s(m_path);
        s.showReady();
        s.type("x"); // so that there is something to send
        QSet<QObject*> visited;
        for (int i = 0; i < 20; ++i) {
            visited.insert(s.window()->activeFocusItem());
            s.key(Qt::Key_Tab);
        }
        QVERIFY(visited.contains(s.named("composer")));
        QVERIFY(visited.contains(s.named("sendButton")));
        QVERIFY(visited.contains(s.named("modelChip")));
        QVERIFY(visited.contains(s.shown("Why is the sky blue?")));
    }

    void theFocusComesBack() {
        Session s(m_path);
        s.showReady();
        s.type("Go");
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.shown("An answer.") && !s.chat().busy());
        s.key(Qt::Key_Tab);
        QVERIFY(!s.named("composer")->hasActiveFocus());
        s.key(Qt::Key_N, Qt::ControlModifier);
        QTRY_VERIFY(s.named("composer")->hasActiveFocus());
        s.click(s.named("modelChip"));
        QTRY_VERIFY(s.shown("Open a model file…"));
        s.key(Qt::Key_Escape);
        QTRY_VERIFY(s.named("composer")->hasActiveFocus());
        s.type("on");
        QCOMPARE(s.written(), QStringLiteral("on"));
    }

    /// A window that nobody touches draws nothing.
    void idleDrawsNothing() {
        Session s(m_path);
        s.showReady();
        s.type("Go");
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.shown("An answer.") && !s.chat().busy());
        QTest::qWait(400); // the last fades
        const QSignalSpy frames(s.window(), &QQuickWindow::frameSwapped);
        QTest::qWait(700);
        QCOMPARE(frames.size(), 0);
    }

    /// One update of the text per frame at most, and none of the earlier paragraphs is laid out again.
    void streamingTouchesTheLastParagraphOnly() {
        Session s(m_path);
        s.engine.setAnswers(
            {{QStringLiteral("First paragraph.\n\n") + QStringLiteral("word ").repeated(60), 400, 10, 0}});
        s.showReady();
        s.type("Go");
        s.key(Qt::Key_Return);
        QTRY_VERIFY(s.shown("First paragraph."));
        const QSignalSpy changes(s.shown("First paragraph."), SIGNAL(textChanged()));
        QTRY_VERIFY(!s.chat().busy());
        QCOMPARE(changes.size(), 0);
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
