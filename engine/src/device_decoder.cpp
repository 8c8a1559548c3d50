#include "device_decoder.h"

#include "engine/model.h"
#include "engine/scheduler.h"
#include "step_clock.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

namespace altiplano::engine {

namespace {

/// Work that the device has ahead of the host: enough to bridge what an operating system may take from a
/// thread, and little enough that a new request does not wait for it.
constexpr std::int64_t kAheadNs = 24'000'000;
constexpr std::uint32_t kMostStepsAhead = 32;

/// Backends capture that many steps at once.
constexpr std::uint32_t kStepsTogether = 8;

/// Steps that are launched kernel by kernel: more would fill the driver's queue, and the launches wait in it.
constexpr std::uint32_t kMostLaunchedAhead = 4;

/// Between two looks for new tokens, when none are expected: near the time at which they are, the host does
/// not sleep.
constexpr std::chrono::microseconds kPollInterval{20};
constexpr std::int64_t kWakeEarlyNs = 120'000, kWakeLateNs = 300'000;

bool penalizes(const SamplingParams& p) {
    return p.repetitionPenalty != 1 || p.presencePenalty != 0 || p.frequencyPenalty != 0;
}

/// Whether the device does everything that the parameters ask for.
bool canSample(const SamplingParams& p) {
    return p.dryMultiplier == 0 && p.xtcProbability == 0 && !p.mirostat && p.logitBias.empty() &&
           (!penalizes(p) || p.penaltyWindow <= kernels::kMaxPenaltyWindow);
}

kernels::DecodeSampling deviceSampling(const SamplingParams& p, std::uint64_t seed) {
    kernels::DecodeSampling sampling;
    sampling.temperature = p.temperature;
    sampling.topK = p.topK;
    sampling.typicalP = p.typicalP;
    sampling.topP = p.topP;
    sampling.minP = p.minP;
    sampling.repetitionPenalty = p.repetitionPenalty;
    sampling.presencePenalty = p.presencePenalty;
    sampling.frequencyPenalty = p.frequencyPenalty;
    sampling.penaltyWindow = penalizes(p) ? p.penaltyWindow : 0;
    sampling.seed = seed;
    return sampling;
}

/// The tokens that end a turn, EOS first. What does not fit is found by the host, a little later.
std::vector<TokenId> turnEnds(const Tokenizer& tokenizer) {
    std::vector<TokenId> ends;
    const auto& vocabulary = tokenizer.vocabulary();
    if (vocabulary.eos && tokenizer.endsTurn(*vocabulary.eos)) ends.push_back(*vocabulary.eos);
    for (std::size_t i = 0; i < vocabulary.tokens.size() && ends.size() < kernels::kMaxStopTokens; ++i) {
        const auto token = static_cast<TokenId>(i);
        if (tokenizer.endsTurn(token) && token != vocabulary.eos) ends.push_back(token);
    }
    return ends;
}

/// A measured step's spans as those of a step of stepNs that ended at endNs: they lie at its end, with a
/// pause before them where it took longer; where it was faster, they are shorter in proportion.
std::vector<DeviceSpan> spansOf(const std::vector<kernels::PhaseSpan>& measured, std::int64_t stepNs,
                                std::int64_t endNs) {
    const std::int64_t took = measured.back().startNs + measured.back().durationNs;
    const double scale =
        stepNs > 0 && stepNs < took ? static_cast<double>(stepNs) / static_cast<double>(took) : 1;
    const auto scaled = [scale](std::int64_t ns) { return std::llround(static_cast<double>(ns) * scale); };
    std::vector<DeviceSpan> spans;
    spans.reserve(measured.size());
    for (const kernels::PhaseSpan& span : measured) {
        const std::int64_t from = scaled(span.startNs), to = scaled(span.startNs + span.durationNs);
        spans.push_back({endNs - scaled(took) + from, static_cast<std::uint32_t>(to - from), span.layer,
                         static_cast<DevicePhase>(span.phase), span.cpuPart});
    }
    return spans;
}

} // namespace

DeviceDecoder::DeviceDecoder(const Model& model, kernels::ExecutionState& execution, KvPool& pool,
                             const SchedulerOptions& options)
    : m_model(model), m_execution(execution), m_pool(pool), m_options(options),
      m_turnEnds(turnEnds(model.tokenizer())) {}

DeviceDecoder::~DeviceDecoder() = default;

bool DeviceDecoder::canDecode(const ActiveRequest& request) const {
    return request.isOpen() && request.pending() == 1 && !request.isPrompt(1) &&
           canSample(request.sampling());
}

bool DeviceDecoder::makeLoop() {
    if (m_loop || m_hasNone) return m_loop != nullptr;
    try {
        m_loop = m_model.program().createDecodeLoop(m_execution, {m_options.maxSequences, m_options.graphs});
    } catch (const kernels::BackendError& error) {
        if (error.kind == kernels::BackendError::Kind::Device) throw;
    } catch (const std::bad_alloc&) {
    }
    m_hasNone = !m_loop;
    return m_loop != nullptr;
}

bool DeviceDecoder::start(const std::vector<std::shared_ptr<ActiveRequest>>& requests) {
    const auto can = [this](const auto& request) { return canDecode(*request); };
    if (m_hasNone || !m_options.decodeLoop || requests.empty() ||
        !std::all_of(requests.begin(), requests.end(), can) || !makeLoop())
        return false;
    for (const auto& request : requests)
        if (!m_pool.reserve(request->sequence(), request->sequence().size() + 1)) return false;

    std::vector<kernels::DecodeSequence> sequences;
    std::vector<Row> rows;
    for (const auto& request : requests) {
        const Sequence& held = request->sequence();
        kernels::DecodeSequence sequence;
        sequence.token = request->tokens().back();
        sequence.position = held.size();
        sequence.maxTokens = request->tokensLeft(m_options.contextTokens);
        sequence.chosen = request->decoded();
        sequence.pages = held.pages();
        sequence.recent = request->tokens();
        if (!request->ignoresTurnEnds()) sequence.stopTokens = m_turnEnds;
        sequence.sampling = deviceSampling(request->sampling(), request->seed());
        sequences.push_back(sequence);
        rows.push_back({request,
                        sequence.position,
                        sequence.maxTokens,
                        static_cast<std::uint32_t>(held.pages().size()),
                        0,
                        false,
                        {}});
    }
    try {
        m_loop->start(sequences);
    } catch (const kernels::BackendError& error) {
        m_loop.reset();
        m_hasNone = true;
        if (error.kind == kernels::BackendError::Kind::Device) throw;
        return false;
    }
    m_rows = std::move(rows);
    m_launched = m_arrived = m_taken = 0;
    m_stepEndNs = 0;
    m_draining = false;
    return true;
}

bool DeviceDecoder::holds(const ActiveRequest& request) const {
    return std::any_of(m_rows.begin(), m_rows.end(),
                       [&](const Row& row) { return row.request.get() == &request; });
}

bool DeviceDecoder::takeStep(StepClock& clock) {
    clock.lap(HostPhase::Schedule);
    const auto ended = [](const Row& row) { return row.request->ended() || row.last; };
    if (std::all_of(m_rows.begin(), m_rows.end(), ended)) return false;
    // A run of fewer sequences is faster: the others go on in the next one.
    if (std::any_of(m_rows.begin(), m_rows.end(), ended)) drain();
    launchAhead(clock);
    if (m_taken == m_launched) return false;
    for (poll(); !stepArrived(); poll())
        waitALittle();
    clock.lap(HostPhase::Wait);
    handOver(clock);
    return true;
}

/// Keeps the device supplied with steps, as long as the pool has pages for them.
void DeviceDecoder::launchAhead(StepClock& clock) {
    const std::uint32_t ahead = stepsAhead();
    const std::uint32_t together = ahead >= 2 * kStepsTogether ? kStepsTogether : std::max(1u, ahead / 2);
    std::uint32_t most = 0;
    for (const Row& row : m_rows)
        most = std::max(most, row.maxTokens);
    while (!m_draining && m_launched + together <= m_taken + ahead) {
        std::uint32_t steps = std::min(together, most - m_launched);
        while (steps > 0 && !reserve(steps))
            steps /= 2;
        clock.lap(HostPhase::Prepare);
        if (steps == 0 || !launch(steps)) drain();
        clock.lap(HostPhase::Launch);
    }
}

/// False where the device has no memory for it: it goes on step by step then. A step that was launched all
/// the same is one past the end of the run.
bool DeviceDecoder::launch(std::uint32_t steps) {
    try {
        m_loop->launch(steps);
        m_launched += steps;
    } catch (const kernels::BackendError& error) {
        if (error.kind != kernels::BackendError::Kind::OutOfMemory) throw;
        m_hasNone = true;
    }
    return !m_hasNone;
}

/// Steps whose work takes about kAheadNs.
std::uint32_t DeviceDecoder::stepsAhead() const {
    if (m_arrived < 2) return 4;
    const std::int64_t most = m_options.graphs ? kMostStepsAhead : kMostLaunchedAhead;
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(kAheadNs / stepNs(), 2, most));
}

/// What a step of this run takes, seen from here.
std::int64_t DeviceDecoder::stepNs() const {
    return std::max<std::int64_t>(1, (m_lastArrivalNs - m_firstArrivalNs) / (m_arrived - 1));
}

void DeviceDecoder::waitALittle() const {
    const std::int64_t late = m_arrived < 2 ? 0 : steadyNs() - m_lastArrivalNs - stepNs();
    if (late < -kWakeEarlyNs || late > kWakeLateNs)
        std::this_thread::sleep_for(kPollInterval);
    else
        std::this_thread::yield();
}

/// Gives every row the pages of the next steps; false where the pool has none left.
bool DeviceDecoder::reserve(std::uint32_t steps) {
    for (Row& row : m_rows) {
        Sequence& sequence = row.request->sequence();
        const std::uint32_t reached = std::min(m_launched + steps, row.maxTokens);
        if (!m_pool.reserve(sequence, row.start + reached)) return false;
    }
    for (std::uint32_t i = 0; i < m_rows.size(); ++i) {
        const auto& pages = m_rows[i].request->sequence().pages();
        if (pages.size() == m_rows[i].pages) continue;
        m_loop->addPages(i, std::span(pages).subspan(m_rows[i].pages));
        m_rows[i].pages = static_cast<std::uint32_t>(pages.size());
    }
    return true;
}

void DeviceDecoder::poll() {
    m_polled.clear();
    m_loop->poll(m_polled);
    for (const kernels::DecodedToken& token : m_polled)
        m_rows.at(token.sequence).arrived.push_back(token);
    std::uint32_t arrived = 0;
    for (const Row& row : m_rows)
        arrived = std::max(arrived, m_taken + static_cast<std::uint32_t>(row.arrived.size()));
    if (arrived <= m_arrived) return;
    m_lastArrivalNs = steadyNs();
    if (m_arrived == 0) m_firstArrivalNs = m_lastArrivalNs;
    m_arrived = arrived;
}

/// True when every sequence has its token of the next step, but for those that had their last.
bool DeviceDecoder::stepArrived() const {
    return std::all_of(m_rows.begin(), m_rows.end(),
                       [](const Row& row) { return row.last || !row.arrived.empty(); });
}

void DeviceDecoder::handOver(StepClock& clock) {
    StepTiming& timing = clock.timing();
    const std::int64_t arrivedNs = clock.lastNs();
    std::int64_t stepNs = 0;
    for (Row& row : m_rows) {
        if (row.last) continue;
        const kernels::DecodedToken token = row.arrived.front();
        row.arrived.pop_front();
        row.last = token.last;
        stepNs = std::max(stepNs, token.stepNs);
        if (row.request->ended()) continue;
        ++row.taken;
        ++timing.rows;
        ++timing.decodeRows;
        timing.kvTokens += row.start + row.taken;
        if (token.token == kernels::DecodedToken::kNoToken)
            row.request->failNotFinite();
        else
            row.request->takeToken(token.token, clock);
    }
    ++m_taken;
    timing.path = m_options.graphs ? StepPath::Graphs : StepPath::Launches;
    m_stepEndNs = stepEnd(stepNs, arrivedNs);
    noteTimes(timing, stepNs);
}

/// When the device was done with the step, by our clock: stepNs after the one before, but never after its
/// token was here. So the clocks are aligned by the token that took the shortest way; the 4096th part is more
/// than they drift apart.
std::int64_t DeviceDecoder::stepEnd(std::int64_t stepNs, std::int64_t arrivedNs) const {
    if (m_stepEndNs == 0 || stepNs == 0) return arrivedNs;
    return std::min(arrivedNs, m_stepEndNs + stepNs + stepNs / 4096);
}

void DeviceDecoder::noteTimes(StepTiming& timing, std::int64_t stepNs) const {
    const kernels::DecodeCosts costs = m_loop->costs();
    timing.weightBytes = costs.weightBytes;
    timing.kvBytes = costs.kvBytesPerToken * timing.kvTokens;
    std::int64_t sum = 0;
    for (const std::int64_t ns : costs.phaseNs)
        sum += ns;
    if (sum == 0) return;
    const double scale = stepNs > 0 ? static_cast<double>(stepNs) / static_cast<double>(sum) : 1;
    for (std::size_t phase = 0; phase < costs.phaseNs.size(); ++phase)
        timing.deviceNs[phase] = static_cast<std::int64_t>(static_cast<double>(costs.phaseNs[phase]) * scale);
    if (m_recordSpans && costs.spans && !costs.spans->empty())
        timing.spans =
            std::make_shared<const std::vector<DeviceSpan>>(spansOf(*costs.spans, stepNs, m_stepEndNs));
}

void DeviceDecoder::close() {
    m_loop->wait();
    for (Row& row : m_rows) {
        ActiveRequest& request = *row.request;
        if (request.failed()) {
            m_pool.discard(std::move(request.sequence()));
            continue;
        }
        m_pool.append(request.sequence(), request.nextTokens(row.taken));
        if (request.ended()) request.closeSequence();
    }
    m_rows.clear();
    if (m_hasNone) m_loop.reset();
}

void DeviceDecoder::abandon() {
    for (Row& row : m_rows)
        m_pool.discard(std::move(row.request->sequence()));
    m_rows.clear();
    m_loop.reset();
}

} // namespace altiplano::engine
