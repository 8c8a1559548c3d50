#pragma once

#include "main_window.h"
#include "recorded_steps.h"
#include "scripted_engine.h"

#include <QImage>
#include <QQuickItem>
#include <QQuickWindow>
#include <QTest>

#include <memory>

namespace altiplano::app {

/// Once, before a test's first session: nothing moves, and there is no starter model.
inline void setUpPerformanceTests() {
    qputenv("ALTIPLANO_REDUCED_MOTION", "1");
    qputenv("ALTIPLANO_STARTER_MODEL", "/nonexistent");
    setUpApplication();
}

/// The real window, F10 away from the performance view, over an engine that plays recorded steps.
struct PerformanceSession {
    PerformanceSession(const QString& folder, const char* scheme, QSize size = {1200, 900},
                       double readBytesPerSecond = 25e9)
        : settings(folder + "/settings.ini") {
        qputenv("ALTIPLANO_COLOR_SCHEME", scheme);
        settings.setWindowSize(size);
        ModelInfo info;
        info.backend = QStringLiteral("cpu");
        info.threads = 2;
        info.readBytesPerSecond = readBytesPerSecond;
        info.weightBytes = 90'000'000;
        info.kvBytes = 20'000'000;
        info.freeBytes = 200'000'000;
        engine.setInfo(info);
        engine.setLoadMs(1);
        engine.setAnswers({{QStringLiteral(" word").repeated(300), 2000, 10, 20}});
        engine.setSteps(recordedSteps(300));
        main = std::make_unique<MainWindow>(engine, settings);
        main->show(QStringLiteral("/models/Tiny-Model.Q4_0.gguf"));
        QTRY_COMPARE(main->context().model()->state(), ModelController::Ready);
    }
    void answer() {
        main->context().chat()->send(QStringLiteral("Go"));
        QTRY_VERIFY(!main->context().chat()->busy());
        QTest::qWait(50);
    }
    void key(Qt::Key key) { QTest::keyClick(main->window(), key); }

    template <typename Item>
    Item* item(const char* name) {
        return main->window()->findChild<Item*>(QLatin1String(name));
    }
    QRgb at(QQuickItem* item, double x, double y, const QImage& picture) {
        const double scale = main->window()->effectiveDevicePixelRatio();
        const QPointF point = item->mapToScene({x, y}) * scale;
        return picture.pixel(static_cast<int>(point.x()), static_cast<int>(point.y()));
    }

    Settings settings;
    ScriptedEngine engine;
    std::unique_ptr<MainWindow> main;
};

} // namespace altiplano::app
