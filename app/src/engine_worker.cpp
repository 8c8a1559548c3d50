#include "engine_worker.h"

#include "engine_options.h"

#include "engine/bench_json.h"
#include "engine/gguf_file.h"
#include "engine/model.h"
#include "engine/model_summary.h"
#include "engine/scheduler.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <new>
#include <nlohmann/json.hpp>
#include <utility>

namespace altiplano::app {

using Clock = std::chrono::steady_clock;

/// A request under way. `stop` is used from both threads, the rest on the worker's.
struct EngineWorker::Answer {
    std::stop_source stop;
    Clock::time_point submitted = Clock::now();
    Clock::time_point firstToken;
    AnswerUpdate sofar; ///< numbers only
};

namespace {

std::filesystem::path pathOf(const QString& path) {
    return std::filesystem::path(path.toStdString());
}

/// The exception in flight, as the window is told of it.
engine::events::Failed currentFailure() {
    try {
        throw;
    } catch (const engine::Error& error) {
        return {error.code(), error.what()};
    } catch (const std::bad_alloc&) {
        return {engine::ErrorCode::OutOfMemory, "The memory does not suffice."};
    } catch (const std::exception& error) {
        return {engine::ErrorCode::Device, error.what()};
    }
}

/// The same weights on the same device can run both.
bool sharesModel(const EngineSettings& a, const EngineSettings& b) {
    return a.device == b.device && a.threads == b.threads && a.gpuLayers == b.gpuLayers;
}

ModelInfo infoOf(const QString& path, const engine::Model& model, const engine::ModelSummary& summary,
                 const engine::Scheduler& scheduler) {
    ModelInfo info;
    info.path = path;
    info.quantization = QString::fromStdString(summary.quantization);
    info.parameters = summary.parameters;
    info.backend = QString::fromStdString(model.device().backend);
    info.deviceName = QString::fromStdString(model.device().name);
    info.deviceReason = QString::fromStdString(model.device().reason);
    info.threads = model.device().threads;
    info.contextTokens = scheduler.options().contextTokens;
    info.loadNs = model.loadNs();
    info.layers = summary.layers;
    info.layersOnGpu = model.placement().gpuLayers;
    info.readBytesPerSecond = model.readBytesPerSecond();
    info.weightBytes = model.weightBytes();
    info.kvBytes = scheduler.kvBytes();
    info.workspaceBytes = scheduler.bytes() - std::min<quint64>(info.kvBytes, scheduler.bytes());
    info.gpuBytes = model.gpuBytes(scheduler.options());
    info.freeBytes = model.freeBytes();
    for (const std::string& warning : model.warnings())
        info.notes << QString::fromStdString(warning);
    return info;
}

} // namespace

EngineWorker::EngineWorker(EngineOutbox& outbox)
    : m_outbox(outbox), m_thread([this](const std::stop_token& quit) { run(quit); }) {}

EngineWorker::~EngineWorker() {
    const std::lock_guard lock(m_mutex);
    m_load.request_stop();
    m_comparison.request_stop();
    for (const auto& [id, answer] : m_answers)
        answer->stop.request_stop();
    m_thread.request_stop();
}

void EngineWorker::post(Command command) {
    {
        const std::lock_guard lock(m_mutex);
        m_commands.push_back(std::move(command));
    }
    m_wake.notify_one();
}

void EngineWorker::load(const LoadRequest& request) {
    std::stop_token stop;
    quint64 number = 0;
    {
        const std::lock_guard lock(m_mutex);
        m_load.request_stop();
        m_load = std::stop_source();
        stop = m_load.get_token();
        number = ++m_loadNumber;
    }
    post([this, request, stop, number] { doLoad(request, stop, number); });
}

void EngineWorker::cancelLoad() {
    const std::lock_guard lock(m_mutex);
    m_load.request_stop();
}

void EngineWorker::unload() {
    cancelLoad();
    post([this] { doUnload(); });
}

void EngineWorker::submit(RequestId id, engine::GenerationRequest request) {
    auto answer = std::make_shared<Answer>();
    {
        const std::lock_guard lock(m_mutex);
        m_answers.emplace(id, answer);
    }
    post([this, id, answer, request = std::move(request)]() mutable {
        doSubmit(id, std::move(request), answer);
    });
}

void EngineWorker::stop(RequestId id) {
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_answers.find(id); found != m_answers.end()) found->second->stop.request_stop();
}

void EngineWorker::countTokens(RequestId id, const QString& text) {
    post([this, id, text] {
        if (!m_model) return;
        const auto tokens = m_model->tokenizer().encode(text.toStdString(), {false, false});
        m_outbox.put(outgoing::Counted{id, static_cast<quint32>(tokens.size())});
    });
}

void EngineWorker::run(const std::stop_token& quit) {
    while (!quit.stop_requested()) {
        Command command;
        {
            std::unique_lock lock(m_mutex);
            if (!m_moreToDo) m_wake.wait(lock, quit, [this] { return !m_commands.empty(); });
            if (quit.stop_requested()) break;
            if (!m_commands.empty()) {
                command = std::move(m_commands.front());
                m_commands.pop_front();
            }
        }
        if (command)
            command();
        else
            runSlice();
    }
    m_scheduler.reset();
    m_model.reset();
}

bool EngineWorker::isNewestLoad(quint64 number) {
    const std::lock_guard lock(m_mutex);
    return number == m_loadNumber;
}

void EngineWorker::doLoad(const LoadRequest& request, const std::stop_token& stop, quint64 number) {
    try {
        // A file that is no model is refused before the present one is given up.
        const engine::GgufFile file = engine::GgufFile::open(pathOf(request.path));
        const auto summary = engine::ModelSummary::fromGguf(file);
        if (stop.stop_requested())
            throw engine::Error(engine::ErrorCode::Cancelled, "Loading was cancelled.");
        const engine::LoadOptions load = loadOptions(request, file);
        if (m_model) doUnload();
        const auto progress = [this](std::uint64_t done, std::uint64_t total) {
            m_outbox.put(outgoing::LoadProgress{done, total});
        };
        auto model = engine::Model::load(pathOf(request.path), load, progress, stop);
        m_scheduler = std::make_unique<engine::Scheduler>(model, load.runWith);
        m_scheduler->recordSpans(m_detailed);
        m_model = std::move(model);
        m_settings = request.settings;
        ModelInfo info = infoOf(request.path, *m_model, summary, *m_scheduler);
        info.settings = m_settings;
        m_outbox.put(outgoing::Loaded{std::move(info)});
    } catch (...) {
        if (isNewestLoad(number)) m_outbox.put(outgoing::LoadFailed{currentFailure()});
    }
}

void EngineWorker::doUnload() {
    {
        const std::lock_guard lock(m_mutex);
        for (const auto& [id, answer] : m_answers)
            answer->stop.request_stop();
    }
    while (m_moreToDo)
        runSlice();
    m_scheduler.reset();
    m_model.reset();
    m_outbox.put(outgoing::Unloaded{});
}

void EngineWorker::setDetailed(bool detailed) {
    post([this, detailed] {
        m_detailed = detailed;
        if (m_scheduler) m_scheduler->recordSpans(detailed);
    });
}

void EngineWorker::compare(const ComparisonRequest& request) {
    std::stop_token stop;
    {
        const std::lock_guard lock(m_mutex);
        m_comparison.request_stop();
        m_comparison = std::stop_source();
        stop = m_comparison.get_token();
    }
    post([this, request, stop] { doCompare(request, stop); });
}

void EngineWorker::stopComparison() {
    const std::lock_guard lock(m_mutex);
    m_comparison.request_stop();
}

void EngineWorker::doCompare(const ComparisonRequest& request, const std::stop_token& stop) {
    outgoing::ComparisonEnded ended;
    try {
        while (m_moreToDo) // answers that were asked for before
            runSlice();
        if (!m_model) throw engine::Error(engine::ErrorCode::BadRequest, "No model is loaded.");
        measureAll(request, stop);
    } catch (...) {
        engine::events::Failed why = currentFailure();
        if (why.code != engine::ErrorCode::Cancelled) ended.failure = std::move(why);
    }
    m_outbox.put(std::move(ended));
}

/// Settings that the loaded model cannot run get a model of their own, beside it.
void EngineWorker::measureAll(const ComparisonRequest& request, const std::stop_token& stop) {
    int total = 0, done = 0;
    for (const engine::BenchCase& one : request.cases)
        total += static_cast<int>(request.settings.size() * (one.repetitions + 1));
    const auto progress = [&](std::uint32_t) { m_outbox.put(outgoing::ComparisonProgress{++done, total}); };
    m_outbox.put(outgoing::ComparisonProgress{0, total});
    for (std::size_t i = 0; i < request.settings.size(); ++i) {
        const EngineSettings& settings = request.settings[i];
        const auto model = sharesModel(settings, m_settings)
                               ? m_model
                               : engine::Model::load(m_model->file().path(), loadOptions(settings), {}, stop);
        for (const engine::BenchCase& one : request.cases) {
            const engine::SchedulerOptions options = schedulerOptions(settings);
            const engine::BenchResult result = engine::runBench(model, one, options, progress, stop);
            progress(0);
            const std::string row =
                engine::benchRow(result, *model, options)
                    .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
            m_outbox.put(outgoing::Measured{static_cast<int>(i), QByteArray::fromStdString(row)});
        }
    }
}

void EngineWorker::doSubmit(RequestId id, engine::GenerationRequest request,
                            const std::shared_ptr<Answer>& answer) {
    const auto listener = [this, id, answer](const engine::GenerationEvent& event) {
        onEvent(id, *answer, event);
    };
    try {
        if (!m_scheduler) throw engine::Error(engine::ErrorCode::BadRequest, "No model is loaded.");
        m_scheduler->submit(std::move(request), listener, answer->stop.get_token());
        m_moreToDo = true;
    } catch (...) {
        onEvent(id, *answer, currentFailure());
    }
}

void EngineWorker::runSlice() {
    try {
        m_moreToDo = m_scheduler->runSlice();
    } catch (...) {
        m_moreToDo = false;
        fail(currentFailure());
    }
}

/// The scheduler is in no state to go on: every answer ends, and so does the model.
void EngineWorker::fail(const engine::events::Failed& failure) {
    std::map<RequestId, std::shared_ptr<Answer>> answers;
    {
        const std::lock_guard lock(m_mutex);
        answers = m_answers;
    }
    for (const auto& [id, answer] : answers)
        onEvent(id, *answer, failure);
    doUnload();
}

void EngineWorker::onEvent(RequestId id, Answer& answer, const engine::GenerationEvent& event) {
    using namespace engine::events;
    AnswerUpdate& sofar = answer.sofar;
    const auto end = [&](EngineEvent last) {
        m_outbox.put(std::move(last));
        const std::lock_guard lock(m_mutex);
        m_answers.erase(id);
    };
    if (const auto* progress = std::get_if<PromptProgress>(&event)) {
        sofar.promptDone = progress->done;
        sofar.promptTotal = progress->total;
        m_outbox.put(outgoing::Update{id, sofar});
    } else if (const auto* delta = std::get_if<Delta>(&event)) {
        const auto now = Clock::now();
        if (sofar.tokens++ == 0) answer.firstToken = now;
        sofar.firstTokenNs = std::chrono::nanoseconds(answer.firstToken - answer.submitted).count();
        sofar.decodeNs = std::chrono::nanoseconds(now - answer.firstToken).count();
        sofar.contextUsed = delta->contextUsed;
        AnswerUpdate update = sofar;
        update.text = QString::fromStdString(delta->text);
        update.steps.push_back(delta->timing);
        m_outbox.put(outgoing::Update{id, std::move(update)});
    } else if (const auto* what = std::get_if<Dropped>(&event)) {
        m_outbox.put(outgoing::Dropped{id, *what});
    } else if (const auto* result = std::get_if<Finished>(&event)) {
        end(outgoing::Finished{id, *result});
    } else {
        end(outgoing::Failed{id, std::get<Failed>(event)});
    }
}

} // namespace altiplano::app
