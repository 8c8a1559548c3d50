#include "cpu/forward_worker.h"

#include <algorithm>
#include <cmath>

namespace altiplano::kernels {
namespace {

/// The oldest position that a token at `position` attends to.
std::uint32_t oldestSeen(std::uint32_t position, std::uint32_t window) {
    return window != 0 && position + 1 > window ? position + 1 - window : 0;
}

std::size_t roundUp(std::size_t n, std::size_t unit) {
    return (n + unit - 1) / unit * unit;
}

} // namespace

bool Forward::Worker::step(const CpuAttention& step) {
    const auto& prompts = m_forward.m_prompts;
    const auto& decodes = m_forward.m_decodes;
    const std::size_t heads = m_model.shape.kvHeads;

    // Tokens of one stretch see each other, so their K and V have to be there first. A lone row's are stored
    // by the job that attends to them. A job stores keys that stand interleaved: two threads that shared them
    // would take each other's cache lines away.
    for (const Stretch& stretch : prompts) {
        const std::size_t before = stretch.position % kKeyLanes, all = before + stretch.rows;
        const bool goOn = m_team.forEach((all + kKeyLanes - 1) / kKeyLanes, [&](std::size_t job) {
            const std::size_t begin = std::max(job * kKeyLanes, before);
            for (std::size_t i = begin; i < std::min((job + 1) * kKeyLanes, all); ++i)
                for (std::size_t head = 0; head < heads; ++head)
                    storeKeyValue(step, stretch, head, i - before);
        });
        if (!goOn) return false;
    }

    const std::size_t tokens = std::max<std::size_t>(1, kAttentionQueries / group());
    const auto jobsOf = [&](const Stretch& stretch) { return (stretch.rows + tokens - 1) / tokens * heads; };
    const std::size_t parts = partsOfDecodes(step);
    std::size_t jobs = decodes.size() * heads * parts;
    for (const Stretch& stretch : prompts)
        jobs += jobsOf(stretch);
    const bool goOn = m_team.forEach(jobs, [&](std::size_t job) {
        for (const Stretch& stretch : prompts) {
            if (job < jobsOf(stretch)) { // the last tokens first: they see most
                const std::size_t first = (jobsOf(stretch) - 1 - job) / heads * tokens;
                return attendBlock(step, stretch, job % heads, first, std::min(tokens, stretch.rows - first));
            }
            job -= jobsOf(stretch);
        }
        attendPart(step, decodes[job / parts / heads], job / parts % heads, job % parts, parts, job);
    });
    if (!goOn || parts == 1) return goOn;
    return m_team.forEach(decodes.size() * heads, [&](std::size_t job) {
        joinParts(decodes[job / heads], job % heads, parts, job * parts);
    });
}

std::size_t Forward::Worker::partsOfDecodes(const CpuAttention& step) const {
    const std::size_t jobs = m_forward.m_decodes.size() * m_model.shape.kvHeads,
                      wanted = 4 * m_team.threads();
    if (m_team.threads() == 1 || jobs == 0 || jobs >= wanted) return 1;
    std::size_t longest = 0;
    for (const Stretch& stretch : m_forward.m_decodes)
        longest =
            std::max<std::size_t>(longest, stretch.position + 1 - oldestSeen(stretch.position, step.window));
    constexpr std::size_t kWorthwhile = 4 * kKvPageTokens;
    return std::clamp<std::size_t>(longest / kWorthwhile, 1, (wanted + jobs - 1) / jobs);
}

std::byte* Forward::Worker::pageHead(const CpuAttention& step, const Stretch& stretch, std::size_t head,
                                     std::size_t position) const {
    const KvLayout& layout = m_state.kvLayout();
    return m_state.kvPool() + stretch.pages[position / kKvPageTokens] * layout.pageBytes() +
           layout.offset(step.cache, head);
}

void Forward::Worker::storeKeyValue(const CpuAttention& step, const Stretch& stretch, std::size_t head,
                                    std::size_t token) {
    const PlanShape& shape = m_model.shape;
    const Rope& rope = m_model.ropes[step.rope];
    const std::size_t row = stretch.firstRow + token, pairs = rope.inverseFrequency.size();
    const std::size_t at = (row * shape.kvHeads + head) * shape.headDim;
    const std::size_t position = stretch.position + token;
    float* turned = m_own.out;
    m_set.vector.rope(rope.pairing, m_state.cosine[step.rope] + row * pairs,
                      m_state.sine[step.rope] + row * pairs, pairs, m_state.k + at, shape.headDim, 1.0f,
                      turned);
    m_set.attention.store(m_state.kvLayout(), pageHead(step, stretch, head, position),
                          position % kKvPageTokens, turned, m_state.v + at);
}

AttentionTask Forward::Worker::taskFor(const CpuAttention& step, const Stretch& stretch, std::size_t head,
                                       std::size_t first, std::size_t tokens) {
    const PlanShape& shape = m_model.shape;
    const Rope& rope = m_model.ropes[step.rope];
    const std::size_t pairs = rope.inverseFrequency.size(), dims = m_state.kvLayout().dims();
    float* q = m_own.q; // zero beyond headDim, since nothing else is ever written there
    for (std::size_t token = first; token < first + tokens; ++token)
        for (std::size_t i = 0; i < group(); ++i, q += dims) {
            const std::size_t row = stretch.firstRow + token;
            m_set.vector.rope(rope.pairing, m_state.cosine[step.rope] + row * pairs,
                              m_state.sine[step.rope] + row * pairs, pairs,
                              m_state.q + (row * shape.heads + head * group() + i) * shape.headDim,
                              shape.headDim, step.scale, q);
        }
    AttentionTask task;
    task.layout = &m_state.kvLayout();
    task.pool = m_state.kvPool() + m_state.kvLayout().offset(step.cache, head);
    task.pages = stretch.pages;
    task.q = m_own.q;
    task.queries = tokens * group();
    task.group = group();
    task.position = static_cast<std::uint32_t>(stretch.position + first);
    task.begin = oldestSeen(task.position, step.window);
    task.end = static_cast<std::uint32_t>(stretch.position + first + tokens);
    task.window = step.window;
    task.out = m_own.out;
    task.max = m_own.max;
    task.sum = m_own.sum;
    return task;
}

void Forward::Worker::attendBlock(const CpuAttention& step, const Stretch& stretch, std::size_t head,
                                  std::size_t first, std::size_t tokens) {
    const AttentionTask task = taskFor(step, stretch, head, first, tokens);
    m_set.attention.attend(task);
    for (std::size_t i = 0; i < task.queries; ++i)
        finish(stretch.firstRow + first + i / group(), head * group() + i % group(),
               task.out + i * m_state.kvLayout().dims(), task.sum[i]);
}

void Forward::Worker::attendPart(const CpuAttention& step, const Stretch& stretch, std::size_t head,
                                 std::size_t part, std::size_t parts, std::size_t slot) {
    AttentionTask task = taskFor(step, stretch, head, 0, 1);
    if (parts > 1) {
        const std::size_t base = task.begin / kKvPageTokens * kKvPageTokens, end = task.end;
        const std::size_t each = roundUp((end - base + parts - 1) / parts, kKvPageTokens);
        task.begin = static_cast<std::uint32_t>(std::max<std::size_t>(task.begin, base + part * each));
        task.end = static_cast<std::uint32_t>(std::min(end, base + (part + 1) * each));
        task.out = m_state.partialOut + slot * group() * task.layout->dims();
        task.max = m_state.partialMax + slot * group();
        task.sum = m_state.partialSum + slot * group();
    }
    if (task.begin <= stretch.position && stretch.position < task.end) storeKeyValue(step, stretch, head, 0);
    m_set.attention.attend(task);
    for (std::size_t i = 0; parts == 1 && i < group(); ++i)
        finish(stretch.firstRow, head * group() + i, task.out + i * task.layout->dims(), task.sum[i]);
}

void Forward::Worker::joinParts(const Stretch& stretch, std::size_t head, std::size_t parts,
                                std::size_t firstSlot) {
    const std::size_t dims = m_state.kvLayout().dims();
    for (std::size_t i = 0; i < group(); ++i) {
        const auto at = [&](std::size_t part) { return (firstSlot + part) * group() + i; };
        float max = m_state.partialMax[at(0)], sum = 0;
        for (std::size_t part = 1; part < parts; ++part)
            max = std::max(max, m_state.partialMax[at(part)]);
        std::fill_n(m_own.out, dims, 0.0f);
        for (std::size_t part = 0; part < parts; ++part) {
            const float weight = std::exp(m_state.partialMax[at(part)] - max);
            const float* out = m_state.partialOut + at(part) * dims;
            sum += weight * m_state.partialSum[at(part)];
            for (std::size_t d = 0; d < dims; ++d)
                m_own.out[d] += weight * out[d];
        }
        finish(stretch.firstRow, head * group() + i, m_own.out, sum);
    }
}

void Forward::Worker::finish(std::size_t row, std::size_t queryHead, const float* out, float sum) {
    const PlanShape& shape = m_model.shape;
    float* to = m_state.q + (row * shape.heads + queryHead) * shape.headDim;
    m_set.vector.rope(RopePairing::Adjacent, nullptr, nullptr, 0, out, shape.headDim, 1.0f / sum,
                      to); // scales
}

} // namespace altiplano::kernels
