#pragma once

#include "engine_port.h"
#include "models/model_fit.h"
#include "models/work_thread.h"

#include <QObject>

#include <atomic>

namespace altiplano::app {

/// Foresees how models would run, on a thread of its own. Calls and signals on the GUI thread.
class FitChecker : public QObject {
    Q_OBJECT
public:
    explicit FitChecker(engine::Forecaster::Machine machine = {}, QObject* parent = nullptr);

    /// What is free as soon as the model in use is unloaded: what it holds. Takes back what was asked so far.
    void setHeld(const engine::DeviceBytes& held);
    void check(const LoadRequest& request); ///< checked follows, unless it is taken back

signals:
    void checked(const QString& path, const altiplano::app::ModelFit& fit);

private:
    engine::DeviceBytes m_held;
    std::atomic<quint64> m_round = 0;
    engine::Forecaster m_forecaster; ///< the thread's
    WorkThread m_thread;             ///< last: it uses all of the above
};

/// What a loaded model would give back: on the CPU no more than the process has in memory, since pages that
/// were never written take none.
engine::DeviceBytes heldBy(const ModelInfo& info);

} // namespace altiplano::app
