#pragma once

#include "engine_events.h"
#include "engine_port.h"
#include "engine_worker.h"

#include <QElapsedTimer>
#include <QTimer>

namespace altiplano::app {

/// The engine in this process, on a thread of its own. What it tells is delivered to the GUI thread at most
/// thirty times a second, half of that where the model runs on the CPU; while nothing happens, nothing runs.
class LocalEngine : public EnginePort {
    Q_OBJECT
public:
    explicit LocalEngine(QObject* parent = nullptr);

    void load(const LoadRequest& request) override { m_worker.load(request); }
    void cancelLoad() override { m_worker.cancelLoad(); }
    void unload() override { m_worker.unload(); }
    RequestId submit(engine::GenerationRequest request) override;
    RequestId countTokens(const QString& text) override;
    void stop(RequestId id) override { m_worker.stop(id); }
    void setDetailed(bool detailed) override { m_worker.setDetailed(detailed); }
    void compare(const ComparisonRequest& request) override { m_worker.compare(request); }
    void stopComparison() override { m_worker.stopComparison(); }

private:
    void scheduleDelivery();
    void deliver();

    RequestId m_lastId = 0;
    QElapsedTimer m_sinceDelivery;
    QTimer m_frame;
    bool m_sharesCores = false; ///< the model runs on those that draw
    EngineOutbox m_outbox;
    EngineWorker m_worker; ///< last: its thread puts into the outbox
};

} // namespace altiplano::app
