#pragma once

#include "engine_events.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

namespace altiplano::engine {
class Model;
class Scheduler;
} // namespace altiplano::engine

namespace altiplano::app {

/// A thread that owns a model and its scheduler. Commands come from any one thread, never block, and are done
/// in order between two slices of the scheduler; load and requests carry stop tokens of their own, so that
/// cancelling and stopping work at once and never hit a later load or request. Everything that happens goes
/// to the outbox. The destructor stops whatever runs and waits for it.
class EngineWorker {
public:
    explicit EngineWorker(EngineOutbox& outbox);
    ~EngineWorker();

    void load(const LoadRequest& request); ///< a load that this one replaces ends without a report
    void cancelLoad();
    void unload();
    void submit(RequestId id, engine::GenerationRequest request);
    void stop(RequestId id);
    void countTokens(RequestId id, const QString& text); ///< no report while no model is loaded
    void setDetailed(bool detailed);
    void compare(const ComparisonRequest& request);
    void stopComparison();

private:
    struct Answer;
    using Command = std::function<void()>;

    // On the commanding thread.
    void post(Command command);

    // On the worker's thread.
    void run(const std::stop_token& quit);
    void doLoad(const LoadRequest& request, const std::stop_token& stop, quint64 number);
    void doUnload();
    void doCompare(const ComparisonRequest& request, const std::stop_token& stop);
    void measureAll(const ComparisonRequest& request, const std::stop_token& stop);
    void doSubmit(RequestId id, engine::GenerationRequest request, const std::shared_ptr<Answer>& answer);
    void onEvent(RequestId id, Answer& answer, const engine::GenerationEvent& event);
    void runSlice();
    void fail(const engine::events::Failed& failure);
    bool isNewestLoad(quint64 number);

    EngineOutbox& m_outbox;

    std::mutex m_mutex; ///< guards what follows, up to the blank line
    std::condition_variable_any m_wake;
    std::deque<Command> m_commands;
    std::stop_source m_load;
    std::stop_source m_comparison;
    quint64 m_loadNumber = 0;
    std::map<RequestId, std::shared_ptr<Answer>> m_answers; ///< those that have not ended

    EngineSettings m_settings; ///< of the model
    std::shared_ptr<const engine::Model> m_model;
    std::unique_ptr<engine::Scheduler> m_scheduler;
    bool m_moreToDo = false;
    bool m_detailed = false;

    std::jthread m_thread; ///< last: it uses all of the above
};

} // namespace altiplano::app
