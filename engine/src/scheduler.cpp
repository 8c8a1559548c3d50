#include "engine/scheduler.h"

#include "active_request.h"
#include "device_decoder.h"
#include "engine/model.h"
#include "engine/model_config.h"
#include "execution_setup.h"
#include "layer_split.h"
#include "sentences.h"
#include "step_clock.h"

#include <algorithm>
#include <deque>
#include <new>
#include <utility>

namespace altiplano::engine {

namespace {

using RequestPointer = std::shared_ptr<ActiveRequest>;

constexpr const char* kNoMemoryForStep =
    "The memory does not suffice for a step; a shorter context or fewer requests at once may fit.";

std::uint32_t pagesFor(std::uint64_t tokens) {
    return static_cast<std::uint32_t>((tokens + kernels::kKvPageTokens - 1) / kernels::kKvPageTokens);
}

std::shared_ptr<const std::vector<DeviceSpan>> toDeviceSpans(const std::vector<kernels::PhaseSpan>& spans) {
    auto converted = std::make_shared<std::vector<DeviceSpan>>();
    converted->reserve(spans.size());
    for (const kernels::PhaseSpan& span : spans)
        converted->push_back(
            {span.startNs, span.durationNs, span.layer, static_cast<DevicePhase>(span.phase), span.cpuPart});
    return converted;
}

} // namespace

struct Scheduler::State {
    State(std::shared_ptr<const Model> m, const SchedulerOptions& o)
        : model(std::move(m)), options(checkedOptions(o)), execution(createExecution(*model, options)),
          pool(pagesFor(options.poolTokens), kernels::kKvPageTokens),
          decoder(*model, *execution, pool, options) {}

    /// A request's share of a step.
    struct Slot {
        RequestPointer request;
        std::uint32_t rows = 0;
        bool wantsLogits = false;
    };

    std::shared_ptr<const Model> model;
    SchedulerOptions options;
    std::unique_ptr<kernels::ExecutionState> execution;
    KvPool pool; ///< ahead of the requests, whose sequences go back to it
    std::deque<RequestPointer> waiting;
    std::vector<RequestPointer> active; ///< the oldest first
    std::vector<RequestPointer> ended;  ///< with events to deliver
    std::vector<kernels::BatchRow> rows;
    std::vector<kernels::SequencePages> tables;
    std::vector<float> logits;
    StepClock clock;
    std::uint64_t slice = 0;
    bool recordSpans = false;
    std::int64_t launchNs = 0; ///< of the step's execute
    DeviceDecoder decoder;     ///< goes first: the device may still be writing to pages

    bool runSlice();
    void removeStopped();
    void admit();
    template <typename Work>
    static bool failing(ActiveRequest& request, Work work);
    void openSequences();
    bool startDecoder();
    void runDecoder();
    std::vector<Slot> planStep();
    const ActiveRequest* nextPrompt() const;
    bool reserve(std::size_t index, std::uint32_t tokens);
    void runStep(const std::vector<Slot>& slots);
    void fillBatch(const std::vector<Slot>& slots);
    bool execute(const std::vector<Slot>& slots);
    void takeResults(const std::vector<Slot>& slots);
    void removeEnded();
    void deliver(const StepTiming& timing);
};

bool Scheduler::State::runSlice() {
    clock.resume();
    ++slice;
    removeStopped();
    admit();
    if (decoder.running() && !ended.empty())
        clock.lap(HostPhase::Schedule); // who was stopped hears of it before the device has finished
    else if (decoder.running() || startDecoder())
        runDecoder();
    else
        runStep(planStep());
    removeEnded();
    StepTiming timing;
    if (clock.timing().rows > 0) timing = clock.finish();
    deliver(timing);
    clock.lap(HostPhase::Deliver);
    const bool more = !active.empty() || !waiting.empty() || decoder.running();
    if (!more) clock.pause();
    return more;
}

void Scheduler::State::removeStopped() {
    for (const RequestPointer& request : active)
        if (request->stopRequested()) request->finish(FinishReason::Stopped);
    removeEnded();
    std::erase_if(waiting, [this](const RequestPointer& request) {
        if (!request->stopRequested()) return false;
        request->finish(FinishReason::Stopped);
        ended.push_back(request);
        return true;
    });
}

/// Takes waiting requests in, in their order, while there is a place and the pool has room for their text.
void Scheduler::State::admit() {
    while (!waiting.empty() && active.size() < options.maxSequences) {
        const RequestPointer request = waiting.front();
        if (failing(*request, [&] { request->prepare(options.contextTokens); })) {
            ended.push_back(request);
        } else {
            const std::uint32_t pages = pagesFor(request->tokens().size() + 1);
            if (!active.empty() && pool.usedPages() + pages > pool.pageCount()) return;
            active.push_back(request);
        }
        waiting.pop_front();
    }
}

/// Does work that may throw; the request fails with it then.
template <typename Work>
bool Scheduler::State::failing(ActiveRequest& request, Work work) {
    try {
        work();
        return false;
    } catch (const Error& error) {
        request.fail(error.code(), error.what());
    } catch (const std::exception& error) {
        request.fail(ErrorCode::BadRequest, std::string("The request cannot be used: ") + error.what() + ".");
    }
    return true;
}

void Scheduler::State::openSequences() {
    const auto copy = [this](std::uint32_t from, std::uint32_t to, std::uint32_t tokens) {
        execution->copyPage(from, to, tokens);
    };
    for (const RequestPointer& request : active)
        if (!request->isOpen()) request->openSequence(pool, copy);
}

/// True when all active requests decode on the device from now on.
bool Scheduler::State::startDecoder() {
    openSequences();
    try {
        return decoder.start(active);
    } catch (const kernels::BackendError& error) {
        for (const RequestPointer& request : active)
            request->fail(asError(error).code(), error.what());
    }
    return false;
}

/// A step of the requests that decode on the device. A request that is not among them ends the run.
void Scheduler::State::runDecoder() {
    const auto held = [this](const RequestPointer& request) { return decoder.holds(*request); };
    if (!std::all_of(active.begin(), active.end(), held)) decoder.drain();
    try {
        if (decoder.takeStep(clock)) return;
        decoder.close();
        for (const RequestPointer& request : active)
            if (request->isOpen()) failing(*request, [&] { request->makeRoom(options.contextTokens); });
    } catch (const kernels::BackendError& error) {
        for (const RequestPointer& request : active)
            if (decoder.holds(*request)) request->fail(asError(error).code(), error.what());
        decoder.abandon();
    } catch (const std::bad_alloc&) {
        for (const RequestPointer& request : active)
            if (decoder.holds(*request)) request->fail(ErrorCode::OutOfMemory, kNoMemoryForStep);
        decoder.abandon();
    }
    clock.lap(HostPhase::Schedule);
}

/// Every request that decodes, and a chunk of one prompt.
std::vector<Scheduler::State::Slot> Scheduler::State::planStep() {
    const ActiveRequest* prompt = nextPrompt();
    const bool shared = std::any_of(active.begin(), active.end(), [](auto& r) { return r->pending() == 1; });
    const std::uint32_t chunk = shared ? options.sharedChunk : options.promptChunk;
    std::vector<Slot> slots;
    for (std::size_t i = 0; i < active.size(); ++i) { // reserve may shorten the list behind i
        const RequestPointer request = active[i];
        if (request->ended()) continue;
        const std::uint32_t pending = request->pending();
        if (pending > 1 && request.get() != prompt) continue;
        if (pending > 1) request->lastChunk = slice; // its turn, be there room or not
        const std::uint32_t count = std::min(pending, chunk);
        if (!reserve(i, request->sequence().size() + count)) continue;
        slots.push_back({request, count, count == pending});
    }
    return slots;
}

/// The request whose prompt has waited longest for its turn.
const ActiveRequest* Scheduler::State::nextPrompt() const {
    const ActiveRequest* next = nullptr;
    for (const RequestPointer& request : active)
        if (request->pending() > 1 && (!next || request->lastChunk < next->lastChunk)) next = request.get();
    return next;
}

/// Gives an active request pages; the youngest ones give theirs up for it and wait. The oldest always gets
/// them, so that all end in time. False: it has to wait itself.
bool Scheduler::State::reserve(std::size_t index, std::uint32_t tokens) {
    while (!pool.reserve(active[index]->sequence(), tokens)) {
        if (index + 1 == active.size()) return false;
        active.back()->closeSequence();
        waiting.push_front(active.back());
        active.pop_back();
    }
    return true;
}

void Scheduler::State::runStep(const std::vector<Slot>& slots) {
    clock.lap(HostPhase::Schedule);
    if (slots.empty()) return;
    try {
        fillBatch(slots);
        clock.lap(HostPhase::Prepare);
        const bool ran = execute(slots);
        clock.lap(HostPhase::Wait);
        clock.move(HostPhase::Wait, HostPhase::Launch, launchNs);
        if (ran) takeResults(slots);
        return;
    } catch (const kernels::BackendError& error) {
        for (const Slot& slot : slots)
            slot.request->fail(asError(error).code(), error.what());
    } catch (const std::bad_alloc&) {
        for (const Slot& slot : slots)
            slot.request->fail(ErrorCode::OutOfMemory, kNoMemoryForStep);
    }
    for (const Slot& slot : slots)
        if (slot.request->isOpen()) pool.discard(std::move(slot.request->sequence()));
}

void Scheduler::State::fillBatch(const std::vector<Slot>& slots) {
    rows.clear();
    tables.clear();
    std::size_t logitsRows = 0;
    for (const Slot& slot : slots) {
        const auto sequence = static_cast<std::uint32_t>(tables.size());
        std::uint32_t position = slot.request->sequence().size();
        for (const TokenId token : slot.request->nextTokens(slot.rows)) {
            const bool generated = position >= slot.request->answerStart();
            rows.push_back({token, position++, sequence, false, generated});
        }
        rows.back().wantsLogits = slot.wantsLogits;
        logitsRows += slot.wantsLogits;
        tables.push_back({slot.request->sequence().pages()});
        slot.request->beginStep();
    }
    logits.resize(logitsRows * model->config().shape.vocabulary);
}

/// Runs the batch; false when one of its requests was stopped meanwhile.
bool Scheduler::State::execute(const std::vector<Slot>& slots) {
    struct Forward {
        std::stop_source* source;
        void operator()() const { source->request_stop(); }
    };
    std::stop_source any;
    std::deque<std::stop_callback<Forward>> links;
    for (const Slot& slot : slots)
        if (slot.request->stopToken().stop_possible())
            links.emplace_back(slot.request->stopToken(), Forward{&any});

    kernels::ExecuteTimes times;
    std::vector<kernels::PhaseSpan> spans;
    if (recordSpans) times.spans = &spans;
    launchNs = 0;
    if (!model->program().execute(*execution, {rows, tables}, logits, {}, any.get_token(), &times))
        return false;
    StepTiming& timing = clock.timing();
    for (std::size_t phase = 0; phase < times.ns.size(); ++phase)
        timing.deviceNs[phase] = times.ns[phase];
    timing.cpuPartNs = times.cpuPartNs;
    timing.weightBytes = times.weightBytes;
    timing.kvBytes = times.kvBytes;
    launchNs = times.launchNs;
    if (!spans.empty()) timing.spans = toDeviceSpans(spans);
    return true;
}

void Scheduler::State::takeResults(const std::vector<Slot>& slots) {
    StepTiming& timing = clock.timing();
    timing.rows = static_cast<std::uint32_t>(rows.size());
    const std::size_t vocabulary = model->config().shape.vocabulary;
    std::size_t logitsRow = 0;
    for (const Slot& slot : slots) {
        ActiveRequest& request = *slot.request;
        const bool isPrompt = request.isPrompt(slot.rows);
        pool.append(request.sequence(), request.nextTokens(slot.rows));
        timing.kvTokens += request.sequence().size();
        if (isPrompt) request.reportProgress();
        if (!slot.wantsLogits) continue;
        ++timing.decodeRows;
        request.takeLogits(std::span(logits).subspan(vocabulary * logitsRow++, vocabulary), clock);
        if (request.failed())
            pool.discard(std::move(request.sequence()));
        else if (!request.ended())
            failing(request, [&] { request.makeRoom(options.contextTokens); });
    }
}

void Scheduler::State::removeEnded() {
    std::erase_if(active, [this](const RequestPointer& request) {
        if (!request->ended()) return false;
        if (!decoder.holds(*request)) request->closeSequence();
        ended.push_back(request);
        return true;
    });
}

void Scheduler::State::deliver(const StepTiming& timing) {
    std::vector<RequestPointer> all = std::exchange(ended, {});
    all.insert(all.end(), active.begin(), active.end());
    for (const RequestPointer& request : all)
        request->deliver(timing);
}

Scheduler::Scheduler(std::shared_ptr<const Model> model, const SchedulerOptions& options)
    : m_state(std::make_unique<State>(std::move(model), options)) {}

Scheduler::~Scheduler() = default;

void Scheduler::submit(GenerationRequest request, GenerationListener listener, std::stop_token stop) {
    m_state->waiting.push_back(std::make_shared<ActiveRequest>(*m_state->model, std::move(request),
                                                               std::move(listener), std::move(stop)));
}

bool Scheduler::runSlice() {
    return m_state->runSlice();
}

void Scheduler::recordSpans(bool on) {
    m_state->recordSpans = on;
    m_state->decoder.recordSpans(on);
}

const SchedulerOptions& Scheduler::options() const {
    return m_state->options;
}

std::uint64_t Scheduler::kvBytes() const {
    kernels::StateLimits limits = stateLimits(m_state->options);
    const kernels::Program& program = m_state->model->program();
    const std::uint64_t all = program.stateBytes(limits);
    limits.kvPages = 0;
    return all - program.stateBytes(limits);
}

std::uint64_t Scheduler::bytes() const {
    return m_state->execution->bytes() + m_state->logits.capacity() * sizeof(float);
}

} // namespace altiplano::engine
