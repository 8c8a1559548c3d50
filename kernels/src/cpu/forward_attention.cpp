#include "cpu/forward_worker.h"
#include "cpu/rotation.h"

#include <algorithm>
#include <cmath>

namespace altiplano::kernels {
namespace {

/// The oldest position that a token at `position` attends to.
std::uint32_t oldestSeen(std::uint32_t position, std::uint32_t window) {
    return window != 0 && position + 1 > window ? position + 1 - window : 0;
}

/// Positions of one segment. What a token sees is attended to in segments, by several threads where that
/// helps, and always joined in their order: a row's result must not depend on what else runs. So their size
/// is a matter of the token's position alone.
std::size_t segmentOf(std::size_t position) {
    std::size_t size = 4 * kKvPageTokens;
    while (position >= kMaxSegments * size)
        size *= 2;
    return size;
}

/// The segments that a token at `position` sees something of: [first, end), each `size` positions.
struct Segments {
    std::size_t size, first, end;
    Segments(std::uint32_t position, std::uint32_t window)
        : size(segmentOf(position)), first(oldestSeen(position, window) / size), end(position / size + 1) {}
    std::size_t count() const { return end - first; }
};

/// Cuts a task to a segment.
void cutTo(AttentionTask& task, std::size_t segment, std::size_t size) {
    task.begin = static_cast<std::uint32_t>(std::max<std::size_t>(task.begin, segment * size));
    task.end = static_cast<std::uint32_t>(std::min<std::size_t>(task.end, (segment + 1) * size));
}

/// A query's result over some segments; to be divided by `sum` in the end.
struct Partial {
    float *out, *max, *sum;
};

/// Adds a later segment's result to what the earlier ones gave.
void join(const Partial& all, const Partial& segment, std::size_t dims) {
    if (*segment.sum == 0) return; // sees nothing of it
    if (*all.sum == 0) {
        std::copy_n(segment.out, dims, all.out);
        *all.max = *segment.max, *all.sum = *segment.sum;
        return;
    }
    const float difference = *segment.max - *all.max, smaller = std::exp(-std::fabs(difference));
    const float before = difference > 0 ? smaller : 1.0f, now = difference > 0 ? 1.0f : smaller;
    *all.max = std::max(*all.max, *segment.max);
    *all.sum = *all.sum * before + *segment.sum * now;
    for (std::size_t d = 0; d < dims; ++d)
        all.out[d] = all.out[d] * before + segment.out[d] * now;
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
    std::size_t jobs = decodes.size() * heads;
    const bool segments = m_team.threads() > 1 && prompts.empty() && jobs < kJobsPerThread * m_team.threads();
    if (segments) return attendSegments(step);
    for (const Stretch& stretch : prompts)
        jobs += jobsOf(stretch);
    return m_team.forEach(jobs, [&](std::size_t job) {
        for (const Stretch& stretch : prompts) {
            if (job < jobsOf(stretch)) { // the last tokens first: they see most
                const std::size_t first = (jobsOf(stretch) - 1 - job) / heads * tokens;
                return attendBlock(step, stretch, job % heads, first, std::min(tokens, stretch.rows - first));
            }
            job -= jobsOf(stretch);
        }
        attendOne(step, decodes[job / heads], job % heads);
    });
}

bool Forward::Worker::attendSegments(const CpuAttention& step) {
    const auto& decodes = m_forward.m_decodes;
    const std::size_t heads = m_model.shape.kvHeads, dims = m_state.kvLayout().dims();
    const auto segmentsOf = [&](const Stretch& stretch) { return Segments(stretch.position, step.window); };
    const auto partial = [&](std::size_t decode, std::size_t head, std::size_t index, std::size_t query) {
        const std::size_t at = ((decode * heads + head) * kMaxSegments + index) * group() + query;
        return Partial{m_state.partialOut + at * dims, m_state.partialMax + at, m_state.partialSum + at};
    };
    std::size_t jobs = 0, most = 0;
    for (const Stretch& stretch : decodes) {
        jobs += segmentsOf(stretch).count() * heads;
        most = std::max(most, segmentsOf(stretch).count());
    }
    const bool goOn = m_team.forEach(jobs, [&](std::size_t job) {
        std::size_t decode = 0;
        for (; job >= segmentsOf(decodes[decode]).count() * heads; ++decode)
            job -= segmentsOf(decodes[decode]).count() * heads;
        const Stretch& stretch = decodes[decode];
        const Segments segments = segmentsOf(stretch);
        if (segments.count() == 1) return attendOne(step, stretch, job % heads);
        const std::size_t head = job % heads, segment = segments.first + job / heads;
        AttentionTask task = taskFor(step, stretch, head, 0, 1);
        cutTo(task, segment, segments.size);
        if (segment + 1 == segments.end) storeKeyValue(step, stretch, head, 0);
        const Partial to = partial(decode, head, segment - segments.first, 0);
        task.out = to.out, task.max = to.max, task.sum = to.sum;
        stretch.kernels->attend(task);
    });
    if (!goOn || most == 1) return goOn;
    return m_team.forEach(decodes.size() * heads, [&](std::size_t job) {
        const std::size_t decode = job / heads, head = job % heads;
        const Segments segments = segmentsOf(decodes[decode]);
        for (std::size_t i = 0; segments.count() > 1 && i < group(); ++i) {
            const Partial all = partial(decode, head, 0, i);
            for (std::size_t index = 1; index < segments.count(); ++index)
                join(all, partial(decode, head, index, i), dims);
            finish(decodes[decode].firstRow, head * group() + i, all.out, *all.sum);
        }
    });
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
    const float* v = m_state.v + at;
    if (m_state.kvLayout().type == KvType::Q8_0) {
        float* turnedV = turned + shape.headDim;
        std::copy_n(v, shape.headDim, turnedV);
        rotate(turned, shape.headDim);
        rotate(turnedV, shape.headDim);
        v = turnedV;
    }
    stretch.kernels->store(m_state.kvLayout(), pageHead(step, stretch, head, position),
                           position % kKvPageTokens, turned, v);
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
            if (m_state.kvLayout().type == KvType::Q8_0) rotate(q, shape.headDim);
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
    const std::size_t dims = m_state.kvLayout().dims(), end = first + tokens;
    for (std::size_t next; first < end; first = next) { // as long as segments have the same size
        const auto position = [&](std::size_t token) {
            return static_cast<std::uint32_t>(stretch.position + token);
        };
        for (next = first + 1; next < end && segmentOf(position(next)) == segmentOf(position(first));)
            ++next;
        AttentionTask all = taskFor(step, stretch, head, first, next - first);
        const AttentionTask whole = all;
        const Segments segments(position(next - 1), 0);
        std::size_t segment = whole.begin / segments.size;
        cutTo(all, segment, segments.size);
        stretch.kernels->attend(all); // the first segment's result is the one that the others are added to
        while (++segment < segments.end) {
            AttentionTask task = whole;
            cutTo(task, segment, segments.size);
            task.out = m_own.segmentOut, task.max = m_own.segmentMax, task.sum = m_own.segmentSum;
            stretch.kernels->attend(task);
            for (std::size_t i = 0; i < task.queries; ++i)
                join({all.out + i * dims, all.max + i, all.sum + i},
                     {task.out + i * dims, task.max + i, task.sum + i}, dims);
        }
        for (std::size_t i = 0; i < all.queries; ++i)
            finish(stretch.firstRow + first + i / group(), head * group() + i % group(), all.out + i * dims,
                   all.sum[i]);
    }
}

void Forward::Worker::attendOne(const CpuAttention& step, const Stretch& stretch, std::size_t head) {
    storeKeyValue(step, stretch, head, 0);
    attendBlock(step, stretch, head, 0, 1);
}

void Forward::Worker::finish(std::size_t row, std::size_t queryHead, const float* out, float sum) {
    const PlanShape& shape = m_model.shape;
    float* to = m_state.q + (row * shape.heads + queryHead) * shape.headDim;
    m_set.vector.rope(RopePairing::Adjacent, nullptr, nullptr, 0, out, shape.headDim, 1.0f / sum,
                      to); // scales
    if (m_state.kvLayout().type == KvType::Q8_0) rotate(to, shape.headDim);
}

} // namespace altiplano::kernels
