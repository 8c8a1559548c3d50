#include "step_runner.h"

#include "decode/begin.h"
#include "generic/generic.h"
#include "rows/prompt_attention.h"

#include <algorithm>

namespace altiplano::kernels::cuda {

namespace {

TokenRows input(const float* data, std::uint32_t columns, std::uint32_t count, const DeviceNorm* norm) {
    return {data, nullptr, columns, count, norm ? norm->weight : nullptr, norm ? norm->epsilon : 0};
}

} // namespace

StepRunner::StepRunner(const DevicePlan& plan, CudaState& state, std::uint32_t rows, const RowLayout& layout)
    : m_plan(plan), m_state(state),
      m_scratch(state.scratch), m_rows{state.scratch.rows.get(), state.scratch.pages.get(), rows},
      m_stream(state.stream), m_tiles(layout.tiles),
      m_fast(rows == 1 || (layout.separate && rows <= kFastRows)),
      m_atOnce(rows == 1 && layout.atOnce && (state.inCluster || state.inGrid)),
      m_warpgroups(plan.limits.warpgroupProducts && rows > (layout.separate ? plan.streamTokens : 1)) {
    for (const DeviceRope& r : plan.ropes)
        m_maxPairs = std::max(m_maxPairs, r.pairs);
}

void StepRunner::runLayers(const std::function<bool(std::size_t)>& before) {
    if (!m_plan.beginsWithEmbed) prepareRopes(0);
    if (m_atOnce) {
        if (!before || before(0)) runAtOnce();
        return;
    }
    for (std::size_t i = 0; i < m_plan.steps.size(); ++i) {
        if (before && !before(i)) return;
        m_step = i;
        std::visit([this](const auto& step) { run(step); }, m_plan.steps[i]);
    }
}

bool StepRunner::stamps() const {
    const auto streams = [](const auto& step) {
        if constexpr (requires { step.products; })
            return !step.products.empty();
        else
            return true;
    };
    return m_fast && !m_warpgroups && m_state.fastAttention && m_plan.beginsWithEmbed &&
           !m_plan.ropes.empty() &&
           std::all_of(m_plan.steps.begin(), m_plan.steps.end(),
                       [&](const DeviceStep& step) { return std::visit(streams, step); });
}

unsigned long long* StepRunner::stamp() const {
    return m_stamps ? m_stamps + 2 * m_step : nullptr;
}

void StepRunner::stream(const std::vector<Product>& products, const ProductInput& in, const Finish& finish,
                        std::uint32_t count) {
    std::uint32_t fits = std::min(count, m_plan.streamTokens);
    for (const Product& p : products)
        while (fits > 1 && forTokens(p, fits, m_plan.limits).slots == 0)
            --fits;
    for (std::uint32_t first = 0; first < count; first += fits)
        for (const Product& p : products) {
            Finish part = finish.from(first);
            if (first == 0 && &p == &products.front()) part.began = stamp();
            if (m_stamps) part.ended = stamp() + 1;
            streamProduct(forTokens(p, std::min(fits, count - first), m_plan.limits),
                          in.from(first, p.columns), part, m_stream);
        }
}

float2* StepRunner::cosSin(std::uint32_t rope) const {
    return m_scratch.cosSin.get() + std::size_t{rope} * std::max(m_state.limits.maxRows, 1u) * m_maxPairs;
}

void StepRunner::prepareRopes(std::size_t first) {
    for (std::size_t i = first; i < m_plan.ropes.size(); ++i) {
        const DeviceRope& r = m_plan.ropes[i];
        ropeTable(m_rows, r.inverseFrequency, r.pairs, r.magnitude, cosSin(static_cast<std::uint32_t>(i)),
                  m_stream);
    }
}

void StepRunner::run(const DeviceEmbed& step) {
    if (m_fast && !m_warpgroups && m_plan.limits.sharedBytesPerBlock != 0 && !m_plan.ropes.empty()) {
        prepareRopes(1);
        const DeviceRope& r = m_plan.ropes[0];
        beginStep(step.table, m_rows, m_scratch.x.get(), m_scratch.roundedX.get(), r.inverseFrequency,
                  r.pairs, r.magnitude, cosSin(0), stamp(), m_stream);
        m_xIsRounded = true;
        return;
    }
    embed(step.table, m_rows, m_scratch.x.get(), m_stream);
    prepareRopes(0);
}

void StepRunner::run(const DeviceQkv& step) {
    const PlanShape& s = m_plan.shape;
    const DeviceRope& rope = m_plan.ropes[step.rope];
    const std::uint32_t heads = s.heads * s.headDim, kv = s.kvHeads * s.headDim;
    if (fast(step.products) && m_state.fastAttention) {
        roundX();
        stream(step.products, normInput(0, step.norm), finishOf(step), m_rows.count);
        return;
    }
    RopeShape shape{s.heads, s.kvHeads, s.headDim, rope.pairs, rope.halves, kv};
    if (m_warpgroups) {
        const bool separate = m_fast && m_state.fastAttention; // whose attention wants k and v side by side
        float* k = separate ? m_scratch.newKv.get() : m_scratch.k.get();
        float* v = separate ? k + kv : m_scratch.v.get();
        if (separate) shape.kvStride = 2 * kv;
        shape.dependent = true;
        const Matrix matrices[] = {step.q, step.k, step.v};
        const Output out[] = {
            {m_scratch.q.get(), heads, false}, {k, shape.kvStride, false}, {v, shape.kvStride, false}};
        multiply(matrices, input(m_scratch.x.get(), s.hidden, m_rows.count, &step.norm), out);
        ropeAndStore(shape, m_rows, cosSin(step.rope), m_scratch.q.get(), k, v, m_state.pool, step.layer,
                     m_stream);
        return;
    }
    product(step.q, m_scratch.x.get(), &step.norm, true, {m_scratch.q.get(), heads, false});
    product(step.k, m_scratch.x.get(), &step.norm, false, {m_scratch.k.get(), kv, false});
    product(step.v, m_scratch.x.get(), &step.norm, false, {m_scratch.v.get(), kv, false});
    ropeAndStore(shape, m_rows, cosSin(step.rope), m_scratch.q.get(), m_scratch.k.get(), m_scratch.v.get(),
                 m_state.pool, step.layer, m_stream);
    if (!m_fast || !m_state.fastAttention) return;
    const auto copy = [&](float* to, const float* from) { // whose kernel stores k and v itself
        check(cudaMemcpyAsync(to, from, kv * sizeof(float), cudaMemcpyDeviceToDevice, m_stream),
              "copying keys and values");
    };
    for (std::uint32_t i = 0; i < m_rows.count; ++i) {
        copy(m_scratch.newKv.get() + i * 2 * kv, m_scratch.k.get() + i * kv);
        copy(m_scratch.newKv.get() + (i * 2 + 1) * kv, m_scratch.v.get() + i * kv);
    }
}

void StepRunner::run(const DeviceAttention& step) {
    if (m_fast && m_state.fastAttention) {
        DecodeAttention a = m_state.attention;
        a.layer = step.layer;
        a.shape.scale = step.scale;
        a.shape.window = step.window;
        a.rows.count = m_rows.count;
        if (m_stamps) a.began = stamp(), a.ended = stamp() + 1;
        a.splits = std::max(a.splits / m_rows.count, 1u); // several rows fill the GPU without
        streamAttention(a, m_stream);
        return;
    }
    const AttentionShape shape{m_plan.shape.heads, step.scale, step.window};
    m_attentionInTiles = false;
    if (m_tiles > 0) {
        AttentionOutput out{m_scratch.attention.get(), {}};
        m_attentionInTiles = m_warpgroups;
        if (m_attentionInTiles) out = {nullptr, attentionTiles(step.outOrder)};
        const bool hopper = m_warpgroups && m_state.pool.type == KvType::F16;
        (hopper ? promptAttention : tiledAttention)(shape, m_rows, m_scratch.tiles.get(), m_tiles,
                                                    m_scratch.q.get(), m_state.pool, step.layer, out,
                                                    m_stream);
        return;
    }
    attention(shape, m_rows, m_scratch.q.get(), m_state.pool, step.layer, m_scratch.attention.get(),
              m_stream);
}

void StepRunner::run(const DeviceResidual& step) {
    const float* in = step.fromAttention ? m_scratch.attention.get() : m_scratch.h.get();
    if (fast(step.products)) {
        if (!inputIsRounded(step))
            roundInput(in, m_scratch.halfInput.get(), step.fromAttention ? kInputScale : kHiddenScale,
                       m_rows.count * step.weight.columns, m_stream);
        stream(step.products, inputOf(step), finishOf(step), m_rows.count);
        m_xIsRounded = true;
        return;
    }
    m_xIsRounded = false;
    const Output out{m_scratch.x.get(), m_plan.shape.hidden, true};
    if (!m_warpgroups) return product(step.weight, in, nullptr, true, out);
    const ColumnOrder order = columnOrder(step.weight.type, step.weight.packed);
    if (step.fromAttention && m_attentionInTiles)
        return multiplyTiles({&step.weight, 1}, m_rows.count, attentionTiles(order), {&out, 1});
    if (step.fromAttention || !m_hInTiles)
        return multiply({&step.weight, 1}, input(in, step.weight.columns, m_rows.count, nullptr), {&out, 1});
    multiplyTiles({&step.weight, 1}, m_rows.count, hTiles(order), {&out, 1});
}

void StepRunner::run(const DeviceGateUp& step) {
    const std::uint32_t width = m_plan.shape.feedForward;
    const bool interleaved = step.up.data == nullptr;
    if (fast(step.products)) {
        roundX();
        stream(step.products, normInput(0, step.norm), finishOf(step), m_rows.count);
        return;
    }
    m_hInTiles = m_warpgroups && interleaved;
    if (m_warpgroups) {
        const TokenRows in = input(m_scratch.x.get(), m_plan.shape.hidden, m_rows.count, &step.norm);
        if (interleaved) {
            multiplyGateUp(step.gate, tokenTiles(in, columnOrder(step.gate.type, step.gate.packed)),
                           m_rows.count, hTiles(step.hOrder), m_plan.limits.multiprocessors, m_stream);
            return;
        }
        const Matrix matrices[] = {step.gate, step.up};
        const Output out[] = {{m_scratch.gateUp.get(), 2 * width, false},
                              {m_scratch.gateUp.get() + width, 2 * width, false}};
        multiply(matrices, in, out);
        siluMultiply(m_scratch.gateUp.get(), false, width, m_rows.count, m_scratch.h.get(), m_stream);
        return;
    }
    product(step.gate, m_scratch.x.get(), &step.norm, true, {m_scratch.gateUp.get(), 2 * width, false});
    if (!interleaved)
        product(step.up, m_scratch.x.get(), &step.norm, false,
                {m_scratch.gateUp.get() + width, 2 * width, false});
    siluMultiply(m_scratch.gateUp.get(), interleaved, width, m_rows.count, m_scratch.h.get(), m_stream);
}

void StepRunner::runLogits(std::span<const std::uint32_t> indices, const std::uint32_t* onDevice, bool alone,
                           float* logits) {
    const auto& step = std::get<DeviceLogits>(m_plan.steps.back());
    m_step = m_plan.steps.size() - 1;
    const Finish finish{Use::Logits, {}, logits, m_plan.shape.vocabulary};
    if (fast(step.products)) {
        roundX();
        bool inOrder = true;
        for (std::size_t i = 0; i < indices.size(); ++i)
            inOrder &= indices[i] == indices[0] + i;
        if (inOrder)
            return stream(step.products, normInput(indices[0], step.norm), finish,
                          static_cast<std::uint32_t>(indices.size()));
        for (std::size_t i = 0; i < indices.size(); ++i)
            stream(step.products, normInput(indices[i], step.norm), finish.from(i), 1);
        return;
    }
    if (m_warpgroups && alone && !step.products.empty()) {
        const float* x = m_scratch.x.get() + std::size_t{indices[0]} * m_plan.shape.hidden;
        roundInput(x, m_scratch.roundedX.get(), kInputScale, m_plan.shape.hidden, m_stream);
        return stream(step.products,
                      {m_scratch.roundedX.get(), kInputScale, x, step.norm.weight, step.norm.epsilon}, finish,
                      1);
    }
    const auto count = static_cast<std::uint32_t>(indices.size());
    if (m_warpgroups) {
        TokenRows in = input(m_scratch.x.get(), m_plan.shape.hidden, count, &step.norm);
        in.indices = onDevice;
        const Output out{logits, m_plan.shape.vocabulary, false};
        return multiply({&step.head, 1}, in, {&out, 1});
    }
    gatherRows(m_scratch.x.get(), onDevice, m_plan.shape.hidden, count, m_scratch.normed.get(), m_stream);
    const float* x = m_scratch.normed.get(); // the norm itself works in place
    const Rows all = m_rows;
    m_rows.count = count;
    product(step.head, x, &step.norm, true, {logits, m_plan.shape.vocabulary, false});
    m_rows = all;
}

void StepRunner::roundX() {
    if (!m_xIsRounded)
        roundInput(m_scratch.x.get(), m_scratch.roundedX.get(), kInputScale,
                   m_rows.count * m_plan.shape.hidden, m_stream);
    m_xIsRounded = true;
}

ProductInput StepRunner::normInput(std::size_t row, const DeviceNorm& norm) const {
    const std::size_t at = row * m_plan.shape.hidden;
    return {m_scratch.roundedX.get() + at, kInputScale, m_scratch.x.get() + at, norm.weight, norm.epsilon};
}

bool StepRunner::inputIsRounded(const DeviceResidual& step) const {
    return step.fromAttention ? m_state.fastAttention : step.halfInput;
}

ProductInput StepRunner::inputOf(const DeviceResidual& step) const {
    const auto* h = reinterpret_cast<const __half*>(m_scratch.h.get());
    const __half* rounded = !inputIsRounded(step) ? m_scratch.halfInput.get()
                            : step.fromAttention  ? m_scratch.roundedAttention.get()
                                                  : h;
    ProductInput in{rounded, step.fromAttention ? kInputScale : kHiddenScale};
    if (step.fromAttention)
        in.floats = m_scratch.attention.get();
    else if (!step.halfInput)
        in.floats = m_scratch.h.get();
    return in;
}

Finish StepRunner::finishOf(const DeviceQkv& step) const {
    const PlanShape& s = m_plan.shape;
    return {Use::Qkv,
            {m_scratch.q.get(), m_scratch.newKv.get(), cosSin(step.rope), s.headDim,
             2 * m_plan.ropes[step.rope].pairs, s.kvHeads * s.headDim, s.heads}};
}

Finish StepRunner::finishOf(const DeviceResidual&) const {
    return {Use::Residual, {}, m_scratch.x.get(), m_plan.shape.hidden, m_scratch.roundedX.get()};
}

Finish StepRunner::finishOf(const DeviceGateUp& step) const {
    float* h = m_scratch.h.get();
    return {Use::GateUp,
            {},
            h,
            m_plan.shape.feedForward,
            step.halfOutput ? reinterpret_cast<__half*>(h) : nullptr};
}

} // namespace altiplano::kernels::cuda
