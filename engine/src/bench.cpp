#include "engine/bench.h"

#include "engine/model.h"
#include "engine/model_config.h"
#include "sentences.h"

#include "kernels/batch.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <random>

namespace altiplano::engine {

namespace {

using Clock = std::chrono::steady_clock;

template <std::size_t N, typename Number>
void addTo(std::array<double, N>& sums, const std::array<Number, N>& values) {
    for (std::size_t i = 0; i < N; ++i)
        sums[i] += static_cast<double>(values[i]);
}

/// The sums of one repetition, or of all.
struct Measured {
    double tokens = 0;
    double seconds = 0;
    double hostUs = 0;
    double deviceMs = 0;
    double bytes = 0;
    StepPath path = StepPath::Host;
    std::array<double, kHostPhases> hostNs{};
    std::array<double, kDevicePhases> deviceNs{};
    StepTiming newest;

    void addStep(const StepTiming& timing) {
        newest = timing;
        path = timing.path;
        addTo(hostNs, timing.hostNs);
        addTo(deviceNs, timing.deviceNs);
        for (std::size_t i = 0; i < kHostPhases; ++i)
            if (static_cast<HostPhase>(i) != HostPhase::Wait)
                hostUs += static_cast<double>(timing.hostNs[i]) / 1e3;
        for (const std::int64_t ns : timing.deviceNs)
            deviceMs += static_cast<double>(ns) / 1e6;
        bytes += static_cast<double>(timing.weightBytes + timing.kvBytes);
    }

    void add(const Measured& other) {
        tokens += other.tokens;
        seconds += other.seconds;
        hostUs += other.hostUs;
        deviceMs += other.deviceMs;
        bytes += other.bytes;
        path = other.path;
        newest = other.newest;
        addTo(hostNs, other.hostNs);
        addTo(deviceNs, other.deviceNs);
    }
};

/// Nanoseconds of all tokens as microseconds of each.
template <std::size_t N>
std::array<double, N> usPerToken(std::array<double, N> ns, double tokens) {
    for (double& value : ns)
        value /= 1e3 * tokens;
    return ns;
}

class Bench {
public:
    Bench(const std::shared_ptr<const Model>& model, const BenchCase& benchCase,
          const SchedulerOptions& options, std::stop_token stop)
        : m_vocabulary(model->config().shape.vocabulary), m_case(benchCase), m_scheduler(model, options),
          m_stop(std::move(stop)) {
        m_scheduler.recordSpans(benchCase.spans);
    }

    Measured repeat() { return m_case.generateTokens > 0 ? decode() : prompt(); }

private:
    Measured prompt() {
        std::vector<TokenId> tokens = randomTokens(m_case.depth);
        if (!tokens.empty()) run({request(tokens, 1)}, {});
        const std::vector<TokenId> rest = randomTokens(m_case.promptTokens);
        tokens.insert(tokens.end(), rest.begin(), rest.end());

        Measured sum;
        run({request(tokens, 1)}, [&](const GenerationEvent& event) {
            if (const auto* chunk = std::get_if<events::PromptProgress>(&event)) sum.addStep(chunk->timing);
            if (const auto* end = std::get_if<events::Finished>(&event)) {
                sum.tokens = end->timings.promptTokens - end->timings.reusedTokens;
                sum.seconds = static_cast<double>(end->timings.promptNs) / 1e9;
            }
        });
        return sum;
    }

    /// Counts the steps in which all sequences decode and none reads its prompt, as the first sequence sees
    /// them.
    Measured decode() {
        std::vector<GenerationRequest> requests;
        for (std::uint32_t i = 0; i < m_case.batch; ++i)
            requests.push_back(request(randomTokens(std::max(1u, m_case.depth)), m_case.generateTokens + 1));

        Measured sum;
        Clock::time_point previous{};
        run(std::move(requests), [&](const GenerationEvent& event) {
            const auto* delta = std::get_if<events::Delta>(&event);
            if (!delta || delta->token < 0) return;
            const Clock::time_point now = Clock::now();
            const bool counts =
                delta->timing.decodeRows == m_case.batch && delta->timing.rows == m_case.batch;
            if (counts && previous != Clock::time_point{}) {
                sum.tokens += m_case.batch;
                sum.seconds += std::chrono::duration<double>(now - previous).count();
                sum.addStep(delta->timing);
            }
            previous = now;
        });
        return sum;
    }

    /// Runs requests to their end; `listener` hears the first one's events.
    void run(std::vector<GenerationRequest> requests, const GenerationListener& listener) {
        std::optional<Error> failure;
        for (std::size_t i = 0; i < requests.size(); ++i) {
            const auto hear = [&, i](const GenerationEvent& event) {
                if (i == 0 && listener) listener(event);
                if (const auto* failed = std::get_if<events::Failed>(&event))
                    failure = Error(failed->code, failed->sentence);
            };
            m_scheduler.submit(std::move(requests[i]), hear, m_stop);
        }
        while (m_scheduler.runSlice()) {
        }
        if (failure) throw *failure;
        if (m_stop.stop_requested()) throw Error(ErrorCode::Cancelled, "The measurement was cancelled.");
    }

    GenerationRequest request(std::vector<TokenId> tokens, std::uint32_t maxTokens) const {
        GenerationRequest result;
        result.promptTokens = std::move(tokens);
        result.maxTokens = maxTokens;
        result.ignoreEos = true;
        result.sampling.temperature = 0;
        result.sampling.seed = 1;
        return result;
    }

    std::vector<TokenId> randomTokens(std::uint32_t count) {
        std::vector<TokenId> tokens(count);
        for (TokenId& token : tokens)
            token = static_cast<TokenId>(m_random() % m_vocabulary);
        return tokens;
    }

    std::uint32_t m_vocabulary;
    BenchCase m_case;
    Scheduler m_scheduler;
    std::stop_token m_stop;
    std::mt19937 m_random{1};
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

} // namespace

BenchResult runBench(const std::shared_ptr<const Model>& model, const BenchCase& benchCase,
                     SchedulerOptions options, const std::function<void(std::uint32_t)>& progress,
                     std::stop_token stop) {
    const std::uint64_t page = kernels::kKvPageTokens;
    const std::uint64_t tokens =
        std::uint64_t{benchCase.depth} + benchCase.promptTokens + benchCase.generateTokens + 2;
    if (benchCase.contextTokens > 0 && tokens > benchCase.contextTokens)
        throw Error(ErrorCode::BadRequest, "Depth, prompt and answer need a context of " +
                                               withSeparators(tokens) + " tokens, but it has " +
                                               withSeparators(benchCase.contextTokens) + ".");
    const std::uint64_t context =
        (std::max<std::uint64_t>(tokens, benchCase.contextTokens) + page - 1) / page * page;
    if (context * benchCase.batch > std::numeric_limits<std::uint32_t>::max())
        throw Error(ErrorCode::BadRequest, "Depth, prompt and answer of all sequences have more than " +
                                               withSeparators(std::numeric_limits<std::uint32_t>::max()) +
                                               " tokens.");
    options.contextTokens = static_cast<std::uint32_t>(context);
    options.poolTokens = static_cast<std::uint32_t>(context * benchCase.batch);
    options.maxSequences = benchCase.batch;

    Bench bench(model, benchCase, options, std::move(stop));
    bench.repeat();
    BenchResult result;
    result.benchCase = benchCase;
    Measured sum;
    for (std::uint32_t i = 0; i < std::max(1u, benchCase.repetitions); ++i) {
        const Measured one = bench.repeat();
        result.tokensPerSecond.push_back(one.tokens / one.seconds);
        sum.add(one);
        if (progress) progress(i + 1);
    }
    result.tokensPerSecondMedian = median(result.tokensPerSecond);
    result.hostUsPerToken = sum.hostUs / sum.tokens;
    result.deviceMsPerToken = sum.deviceMs / sum.tokens;
    result.bytesPerSecond = sum.bytes / sum.seconds;
    result.path = sum.path;
    if (benchCase.spans) result.step = sum.newest;
    result.hostUs = usPerToken(sum.hostNs, sum.tokens);
    result.deviceUs = usPerToken(sum.deviceNs, sum.tokens);
    return result;
}

} // namespace altiplano::engine
