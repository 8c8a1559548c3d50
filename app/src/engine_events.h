#pragma once

#include "engine_port.h"

#include <functional>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

namespace altiplano::app {

namespace outgoing {
struct LoadProgress {
    quint64 done = 0, total = 0;
};
struct Loaded {
    ModelInfo info;
};
struct LoadFailed {
    engine::events::Failed failure;
};
struct Unloaded {};
struct ComparisonProgress {
    int done = 0, total = 0;
};
struct Measured {
    int settings = 0;
    QByteArray row;
};
struct ComparisonEnded {
    std::optional<engine::events::Failed> failure;
};
struct Update {
    RequestId id = 0;
    AnswerUpdate update;
};
struct Dropped {
    RequestId id = 0;
    engine::events::Dropped what;
};
struct Finished {
    RequestId id = 0;
    engine::events::Finished result;
};
struct Counted {
    RequestId id = 0;
    quint32 tokens = 0;
};
struct Failed {
    RequestId id = 0;
    engine::events::Failed failure;
};
} // namespace outgoing

/// What the engine's thread has to tell the window.
using EngineEvent = std::variant<outgoing::LoadProgress, outgoing::Loaded, outgoing::LoadFailed,
                                 outgoing::Unloaded, outgoing::ComparisonProgress, outgoing::Measured,
                                 outgoing::ComparisonEnded, outgoing::Update, outgoing::Dropped,
                                 outgoing::Finished, outgoing::Failed, outgoing::Counted>;

/// Carries events from the engine's thread to the GUI thread, in order. What piles up between two visits of
/// the reader is merged: progress into the newest, updates of one answer into one. Thread-safe.
class EngineOutbox {
public:
    /// `wake` is called from the writer's thread when the first event is put into an empty box.
    explicit EngineOutbox(std::function<void()> wake) : m_wake(std::move(wake)) {}

    void put(EngineEvent event);
    std::vector<EngineEvent> takeAll();

private:
    std::function<void()> m_wake;
    std::mutex m_mutex;
    std::vector<EngineEvent> m_events;
};

} // namespace altiplano::app
