#include "cpu/cpu_state.h"

#include <algorithm>
#include <cstring>

namespace altiplano::kernels {

class CpuState::Arena {
public:
    explicit Arena(std::byte* base) : m_base(base) {}

    std::byte* bytes(std::size_t count) {
        const std::size_t offset = m_used;
        m_used += (count + 63) / 64 * 64;
        return m_base ? m_base + offset : nullptr;
    }
    float* floats(std::size_t count) { return reinterpret_cast<float*>(bytes(count * sizeof(float))); }

    std::size_t used() const { return m_used; }
    void back(std::size_t used) { m_used = used; }
    void raise(std::size_t used) { m_used = std::max(m_used, used); }

private:
    std::byte* m_base;
    std::size_t m_used = 0;
};

CpuState::CpuState(const CpuModel& model, const StateLimits& limits, std::uint32_t threadCount)
    : m_limits(limits), m_layout(model.kvLayout(limits.kvType)), m_kv(limits.kvPages * m_layout.pageBytes()) {
    Arena sizes(nullptr);
    carve(sizes, model, threadCount);
    m_scratch = PageBuffer(sizes.used());
    Arena arena(m_scratch.data());
    carve(arena, model, threadCount);
}

std::uint64_t CpuState::bytesFor(const CpuModel& model, const StateLimits& limits,
                                 std::uint32_t threadCount) {
    CpuState state(limits);
    Arena sizes(nullptr);
    state.carve(sizes, model, threadCount);
    return sizes.used() + limits.kvPages * model.kvLayout(limits.kvType).pageBytes();
}

void CpuState::carve(Arena& arena, const CpuModel& model, std::uint32_t threadCount) {
    const PlanShape& s = model.shape;
    const MatmulKernels &prompt = model.instructions.prompt.matmul,
                        &answer = model.instructions.answer.matmul;
    const std::size_t rows = m_limits.maxRows, dims = model.kvLayout(m_limits.kvType).dims();
    const std::size_t group = s.heads / s.kvHeads, queries = std::max<std::size_t>(kAttentionQueries, group);

    x = arena.floats(rows * s.hidden);
    const std::size_t shared = arena.used();
    q = arena.floats(rows * s.heads * s.headDim);
    k = arena.floats(rows * s.kvHeads * s.headDim);
    v = arena.floats(rows * s.kvHeads * s.headDim);
    const std::size_t attentionEnd = arena.used();
    arena.back(shared);
    feedForward = arena.floats(rows * s.feedForward);
    arena.raise(attentionEnd);

    const auto formats = [&](const MatmulKernels& matmul, const std::vector<std::size_t>& columns,
                             std::size_t count) {
        std::vector<std::byte*> buffers;
        for (std::uint8_t f = 0; f < matmul.formats; ++f)
            buffers.push_back(
                arena.bytes(columns[f] == 0 ? 0 : matmul.activationBytes(f, columns[f], count)));
        return buffers;
    };
    packedPrompts = formats(prompt, model.promptColumns, rows);
    packedAnswers = formats(answer, model.answerColumns, rows);
    cosine.clear();
    sine.clear();
    for (const Rope& rope : model.ropes) {
        cosine.push_back(arena.floats(rows * rope.inverseFrequency.size()));
        sine.push_back(arena.floats(rows * rope.inverseFrequency.size()));
    }
    const std::size_t partials = kJobsPerThread * threadCount * kMaxSegments * group;
    partialOut = arena.floats(partials * dims);
    partialMax = arena.floats(partials);
    partialSum = arena.floats(partials);

    const std::size_t widest =
        std::max<std::size_t>({s.hidden, s.feedForward, std::size_t{s.heads} * s.headDim});
    const std::size_t product =
        std::max<std::size_t>(rows * std::max(prompt.gemmTiles, answer.gemmTiles), kGemvTiles) * kTileRows;
    threads.assign(threadCount, {});
    for (Thread& thread : threads) {
        thread.rows = arena.floats(std::max(prompt.groupRows, answer.groupRows) * widest);
        thread.packed = formats(answer, model.answerColumns, 1);
        thread.product = arena.floats(product);
        thread.secondProduct = arena.floats(product);
        thread.kernelScratch = arena.bytes(std::max(prompt.scratchBytes, answer.scratchBytes));
        thread.q = arena.floats(queries * dims);
        thread.out = arena.floats(queries * dims);
        thread.max = arena.floats(queries);
        thread.sum = arena.floats(queries);
        thread.segmentOut = arena.floats(queries * dims);
        thread.segmentMax = arena.floats(queries);
        thread.segmentSum = arena.floats(queries);
        thread.blocks = arena.bytes(rowBytes(QuantType::F32, s.hidden) * 2);
    }
}

void CpuState::copyPage(std::uint32_t from, std::uint32_t to) {
    const std::size_t bytes = m_layout.pageBytes();
    if (bytes == 0) return; // a part of a plan without layers
    std::memcpy(m_kv.data() + to * bytes, m_kv.data() + from * bytes, bytes);
}

} // namespace altiplano::kernels
