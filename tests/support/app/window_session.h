#pragma once

#include "main_window.h"
#include "scripted_engine.h"

#include <QAccessible>
#include <QQuickItem>
#include <QQuickWindow>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace altiplano::app {

/// Once, before a test's first session: nothing moves, and all is told as to a screen reader.
inline void setUpWindowTests() {
    qputenv("ALTIPLANO_REDUCED_MOTION", "1");
    QAccessible::setActive(true);
    setUpApplication();
}

/// For a session's data; there is no starter model.
inline std::unique_ptr<QTemporaryDir> emptyFolder() {
    auto folder = std::make_unique<QTemporaryDir>();
    qputenv("ALTIPLANO_STARTER_MODEL", folder->filePath("starter.gguf").toLocal8Bit());
    return folder;
}

/// The real window over the scripted engine, its data in a folder, used as a user would.
struct WindowSession {
    explicit WindowSession(const QString& folder, std::unique_ptr<KeyStore> keys = nullptr)
        : settings(folder + QStringLiteral("/settings.ini")) {
        engine.setLoadMs(20);
        engine.setAnswers({{QStringLiteral("An answer."), 2000, 10, 10}});
        main = std::make_unique<MainWindow>(
            engine, settings, QUrl(QStringLiteral("qrc:/Altiplano/Ui/Main.qml")), std::move(keys));
    }

    void showReady() {
        QVERIFY(main->window());
        main->show(QStringLiteral("/models/Tiny-Model.Q4_0.gguf"));
        QVERIFY(QTest::qWaitForWindowExposed(main->window()));
        QTRY_COMPARE(main->context().model()->state(), ModelController::Ready);
    }
    void say(const QString& text) {
        chat().send(text);
        QTRY_VERIFY(!chat().busy());
    }

    QQuickWindow* window() const { return main->window(); }
    ChatController& chat() const { return *main->context().chat(); }
    ChatListModel& chats() const { return *main->context().chats(); }

    static QList<QQuickItem*> itemsBelow(QQuickItem* item) {
        QList<QQuickItem*> all{item};
        for (QQuickItem* child : item->childItems())
            all += itemsBelow(child);
        return all;
    }
    QList<QQuickItem*> items() const { return itemsBelow(window()->contentItem()); }
    /// The visible item with this text; null: none.
    QQuickItem* shown(const QString& text) const {
        for (QQuickItem* item : items())
            if (item->isVisible() && item->property("text").toString() == text) return item;
        return nullptr;
    }
    /// A visible one, if there are several.
    QQuickItem* named(const char* objectName) const {
        QQuickItem* found = nullptr;
        for (QQuickItem* item : items())
            if (item->objectName() == QLatin1String(objectName) && (!found || item->isVisible()))
                found = item;
        return found;
    }
    QObject* object(const char* objectName) const {
        for (QQuickItem* item : items())
            if (QObject* found = item->findChild<QObject*>(QLatin1String(objectName))) return found;
        return nullptr;
    }
    void type(const QString& text) const {
        for (const QChar c : text)
            QTest::keyClick(window(), c.toLatin1());
    }
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) const {
        QTest::keyClick(window(), key, modifiers);
    }
    void click(QQuickItem* item, Qt::MouseButton button = Qt::LeftButton) const {
        QVERIFY(item);
        const auto place = [item] { return item->mapToScene({item->width() / 2, item->height() / 2}); };
        QPointF center = place();
        for (int still = 0; still < 2;) { // what has just opened finds its place a frame later
            QTest::qWait(20);
            still = place() == center ? still + 1 : 0;
            center = place();
        }
        QTest::mouseClick(window(), button, {}, center.toPoint());
    }

    Settings settings;
    ScriptedEngine engine;
    std::unique_ptr<MainWindow> main;
};

} // namespace altiplano::app
