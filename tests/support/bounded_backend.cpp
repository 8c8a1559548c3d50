#include "support/bounded_backend.h"

#include "engine/forward_plan.h"

#include <algorithm>

namespace altiplano::test {

using namespace kernels;

namespace {

std::uint32_t layersOf(const Plan& plan) {
    return static_cast<std::uint32_t>(
        std::count_if(plan.steps.begin(), plan.steps.end(),
                      [](const Step& step) { return std::holds_alternative<QkvStep>(step); }));
}

std::uint64_t kvBytes(const Plan& plan, const StateLimits& limits) {
    return limits.kvPages * pageBytes(plan.shape, layersOf(plan), limits.kvType);
}

/// A program that counts its K/V as the bounds do.
class BoundedProgram : public Program {
public:
    BoundedProgram(std::unique_ptr<Program> inner, Plan plan, std::shared_ptr<Bounds> bounds)
        : m_inner(std::move(inner)), m_plan(std::move(plan)), m_bounds(std::move(bounds)) {
        m_bounds->used += weightBytes();
    }
    ~BoundedProgram() override { m_bounds->used -= weightBytes(); }

    std::uint64_t weightBytes() const override { return engine::planBytes(m_plan); }
    std::uint64_t stateBytes(const StateLimits& limits) const override { return kvBytes(m_plan, limits); }
    std::unique_ptr<ExecutionState> createState(const StateLimits& limits) const override {
        return m_inner->createState(limits);
    }
    bool execute(ExecutionState& state, const Batch& batch, std::span<float> logits, std::span<float> hidden,
                 const std::stop_token& stop, ExecuteTimes* times) const override {
        std::vector<PhaseSpan>* const spans = times ? times->spans : nullptr;
        if (m_bounds->silent && times) times->spans = nullptr;
        const bool done = m_inner->execute(state, batch, logits, hidden, stop, times);
        if (times) times->spans = spans;
        return done;
    }

private:
    std::unique_ptr<Program> m_inner;
    Plan m_plan;
    std::shared_ptr<Bounds> m_bounds;
};

class BoundedBackend : public Backend {
public:
    explicit BoundedBackend(std::shared_ptr<Bounds> bounds) : m_bounds(std::move(bounds)) {}

    DeviceInfo device() const override {
        DeviceInfo info;
        info.backend = "bounded";
        info.name = "Bounded device";
        info.memoryBytes = m_bounds->bytes;
        info.freeBytes = m_bounds->bytes + m_bounds->lies - m_bounds->used;
        info.readBytesPerSecond = 1e9;
        return info;
    }
    MemoryNeed memoryNeeded(const Plan& plan, const StateLimits& limits) const override {
        return {engine::planBytes(plan), kvBytes(plan, limits)};
    }
    std::unique_ptr<Program> upload(Plan plan, const UploadObserver& observer) override {
        ++m_bounds->uploads;
        m_bounds->layers = layersOf(plan);
        if (engine::planBytes(plan) + m_bounds->used > m_bounds->bytes)
            throw BackendError(BackendError::Kind::OutOfMemory, "The bounded device is full.");
        auto inner = m_cpu->upload(plan, observer);
        if (!inner) return nullptr;
        return std::make_unique<BoundedProgram>(std::move(inner), std::move(plan), m_bounds);
    }

private:
    std::shared_ptr<Bounds> m_bounds;
    std::unique_ptr<Backend> m_cpu = createCpuBackend({2, "auto"});
};

} // namespace

std::uint64_t pageBytes(const PlanShape& shape, std::uint32_t layers, KvType type) {
    const std::uint64_t elements = std::uint64_t{2} * kKvPageTokens * layers * shape.kvHeads * shape.headDim;
    return type == KvType::F16 ? elements * 2 : elements / 32 * 34;
}

std::unique_ptr<Backend> createBoundedBackend(std::shared_ptr<Bounds> bounds) {
    return std::make_unique<BoundedBackend>(std::move(bounds));
}

} // namespace altiplano::test
