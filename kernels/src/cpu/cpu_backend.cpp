#include "cpu/bandwidth.h"
#include "cpu/forward.h"
#include "cpu/topology.h"

#include "kernels/backend.h"

#include <mutex>
#include <system_error>

namespace altiplano::kernels {
namespace {

/// The caller's hold on a state. A thread may come late out of a run and still have hold of it, too.
class CpuExecution : public ExecutionState {
public:
    explicit CpuExecution(std::shared_ptr<CpuState> state) : m_state(std::move(state)) {}

    std::uint64_t bytes() const override { return m_state->bytes(); }
    void copyPage(std::uint32_t from, std::uint32_t to, std::uint32_t) override {
        m_state->copyPage(from, to);
    }
    const std::shared_ptr<CpuState>& state() const { return m_state; }

private:
    const std::shared_ptr<CpuState> m_state;
};

class CpuProgram : public Program {
public:
    CpuProgram(std::shared_ptr<const CpuModel> model, std::shared_ptr<ThreadPool> pool)
        : m_model(std::move(model)), m_pool(std::move(pool)) {}

    std::uint64_t weightBytes() const override { return m_model->weights.bytes(); }

    std::uint64_t stateBytes(const StateLimits& limits) const override {
        return CpuState::bytesFor(*m_model, limits, m_pool->threads());
    }

    std::unique_ptr<ExecutionState> createState(const StateLimits& limits) const override {
        return std::make_unique<CpuExecution>(
            std::make_shared<CpuState>(*m_model, limits, m_pool->threads()));
    }

    bool execute(ExecutionState& state, const Batch& batch, std::span<float> logits, std::span<float> hidden,
                 const std::stop_token& stop, ExecuteTimes* times) const override {
        const std::shared_ptr<CpuState>& cpuState = dynamic_cast<CpuExecution&>(state).state();
        const auto forward =
            std::make_shared<Forward>(m_model, cpuState, batch, logits, hidden, times != nullptr);
        if (times) forward->countBytes(*times);
        bool done = false;
        const auto work = [forward, times, &done](Team& team, std::uint32_t thread) {
            const bool finished = forward->run(team, thread, thread == 0 ? times : nullptr);
            if (thread == 0) done = finished;
        };
        m_pool->runOwning(work, stop);
        return done;
    }

private:
    const std::shared_ptr<const CpuModel> m_model;
    const std::shared_ptr<ThreadPool> m_pool;
};

const InstructionSet& instructionSet(const CpuOptions& options) {
    const InstructionSet* set = findInstructionSet(options.instructions);
    if (!set)
        throw BackendError(BackendError::Kind::Unsupported,
                           "This CPU has no instructions called '" + options.instructions + "'.");
    return *set;
}

std::uint32_t threadCount(const CpuOptions& options) {
    return options.threads == 0 ? usableCores() : options.threads;
}

MemoryNeed memoryFor(const InstructionSet& set, std::uint32_t threads, const Plan& plan,
                     const StateLimits& limits) {
    const CpuModel model(plan, set);
    return {model.weights.bytes(), CpuState::bytesFor(model, limits, threads)};
}

class CpuBackend : public Backend {
public:
    CpuBackend(const InstructionSet& set, std::uint32_t threads)
        : m_set(set), m_pool(std::make_shared<ThreadPool>(threads)) {}

    DeviceInfo device() const override {
        measure();
        const SystemMemory memory = systemMemory();
        return {"cpu",        cpuName(),        std::string(m_set.title), m_pool->threads(),
                memory.total, memory.available, m_readBytesPerSecond};
    }

    std::uint64_t freeBytes() const override { return freeCpuBytes(); }

    MemoryNeed memoryNeeded(const Plan& plan, const StateLimits& limits) const override {
        return memoryFor(m_set, m_pool->threads(), plan, limits);
    }

    std::unique_ptr<Program> upload(Plan plan, const UploadObserver& observer) override {
        measure(); // later its buffer would come on top of the weights
        auto model = std::make_shared<CpuModel>(plan, m_set);
        if (!model->weights.pack(*m_pool, observer)) return nullptr;
        model->bind(plan);
        return std::make_unique<CpuProgram>(std::move(model), m_pool);
    }

private:
    void measure() const {
        std::call_once(m_measured, [&] { m_readBytesPerSecond = readBandwidth(*m_pool); });
    }

    const InstructionSet& m_set;
    const std::shared_ptr<ThreadPool> m_pool;
    mutable std::once_flag m_measured;
    mutable double m_readBytesPerSecond = 0;
};

} // namespace

ExecuteTimes& ExecuteTimes::operator+=(const ExecuteTimes& other) {
    for (std::size_t i = 0; i < ns.size(); ++i) {
        ns[i] += other.ns[i];
        cpuPartNs[i] += other.cpuPartNs[i];
    }
    weightBytes += other.weightBytes;
    kvBytes += other.kvBytes;
    launchNs += other.launchNs;
    return *this;
}

MemoryNeed& MemoryNeed::operator+=(const MemoryNeed& other) {
    weights += other.weights;
    state += other.state;
    return *this;
}

MemoryNeed cpuMemoryNeeded(const CpuOptions& options, const Plan& plan, const StateLimits& limits) {
    return memoryFor(instructionSet(options), threadCount(options), plan, limits);
}

std::uint64_t freeCpuBytes() {
    return systemMemory().available;
}

std::unique_ptr<Backend> createCpuBackend(const CpuOptions& options) {
    const InstructionSet& set = instructionSet(options);
    try {
        return std::make_unique<CpuBackend>(set, threadCount(options));
    } catch (const std::system_error&) {
        throw BackendError(BackendError::Kind::OutOfMemory, "The system gives no more threads.");
    }
}

} // namespace altiplano::kernels
