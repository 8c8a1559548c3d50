#include "cpu/forward_worker.h"

#include "cpu/forward_multiply.h"

#include <cmath>
#include <cstring>

namespace altiplano::kernels {

bool Forward::Worker::begin() {
    const std::size_t hidden = m_model.shape.hidden;
    return m_team.forEach(m_rows.all(), [&](std::size_t row) {
        const double position = m_forward.m_rows[row].position;
        for (std::size_t r = 0; r < m_model.ropes.size(); ++r) {
            const Rope& rope = m_model.ropes[r];
            const std::size_t pairs = rope.inverseFrequency.size();
            for (std::size_t i = 0; i < pairs; ++i) {
                const double angle = position * static_cast<double>(rope.inverseFrequency[i]);
                m_state.cosine[r][row * pairs + i] = static_cast<float>(std::cos(angle)) * rope.magnitude;
                m_state.sine[r][row * pairs + i] = static_cast<float>(std::sin(angle)) * rope.magnitude;
            }
        }
        if (!m_model.embeds)
            std::memcpy(m_state.x + row * hidden,
                        m_forward.m_hidden.data() + m_forward.m_rows[row].index * hidden,
                        hidden * sizeof(float));
    });
}

bool Forward::Worker::end() {
    if (m_model.givesLogits) return true;
    const std::size_t hidden = m_model.shape.hidden;
    return m_team.forEach(m_rows.all(), [&](std::size_t row) {
        std::memcpy(m_forward.m_hidden.data() + m_forward.m_rows[row].index * hidden,
                    m_state.x + row * hidden, hidden * sizeof(float));
    });
}

bool Forward::Worker::step(const CpuEmbed& step) {
    const std::size_t hidden = m_model.shape.hidden;
    return m_team.forEach(m_rows.all(), [&](std::size_t row) {
        const auto token = static_cast<std::size_t>(m_forward.m_rows[row].token);
        const std::byte* blocks = m_own.blocks;
        if (step.packed.tiles)
            extractRow(step.packed.type, step.packed.tile(token / kTileRows), token % kTileRows, hidden,
                       m_own.blocks);
        else
            blocks = step.inPlace.data + token * rowBytes(step.inPlace.type, hidden);
        dequantize(step.inPlace.type, blocks, m_state.x + row * hidden, hidden);
    });
}

bool Forward::Worker::step(const CpuQkv& step) {
    const Product products[] = {{&step.q}, {&step.k}, {&step.v}};
    const std::size_t hidden = m_model.shape.hidden;
    float* const to[] = {m_state.q, m_state.k, m_state.v};
    const auto row = [&](std::size_t r) { return m_state.x + r * hidden; };
    return multiply(products, &step.norm, m_rows, row, [&](const Outputs& out) {
        const CpuLinear& linear = *products[out.which].first;
        for (std::size_t r = 0; r < out.rows; ++r) {
            float* y = to[out.which] + (out.firstRow + r) * linear.weight.rows + out.first;
            std::memcpy(y, out.y + r * out.stride, out.count * sizeof(float));
            if (linear.bias) m_set.vector.add(linear.bias + out.first, out.count, y);
        }
    });
}

bool Forward::Worker::step(const CpuOutput& step) {
    const Product products[] = {{&step.linear}};
    const std::size_t hidden = m_model.shape.hidden, columns = step.linear.weight.columns;
    const float* from = step.feedForward ? m_state.feedForward : m_state.q;
    const auto row = [&](std::size_t r) { return from + r * columns; };
    return multiply(products, nullptr, m_rows, row, [&](const Outputs& out) {
        for (std::size_t r = 0; r < out.rows; ++r) {
            float* x = m_state.x + (out.firstRow + r) * hidden + out.first;
            m_set.vector.add(out.y + r * out.stride, out.count, x);
            if (step.linear.bias) m_set.vector.add(step.linear.bias + out.first, out.count, x);
        }
    });
}

bool Forward::Worker::step(const CpuGateUp& step) {
    const Product products[] = {{&step.gate, &step.up}};
    const std::size_t hidden = m_model.shape.hidden, width = step.gate.weight.rows;
    const auto row = [&](std::size_t r) { return m_state.x + r * hidden; };
    return multiply(products, &step.norm, m_rows, row, [&](const Outputs& out) {
        for (std::size_t r = 0; r < out.rows; ++r) {
            float *gate = out.y + r * out.stride, *up = out.second + r * out.stride;
            if (step.gate.bias) m_set.vector.add(step.gate.bias + out.first, out.count, gate);
            if (step.up.bias) m_set.vector.add(step.up.bias + out.first, out.count, up);
            m_set.vector.siluMultiply(gate, up, out.count,
                                      m_state.feedForward + (out.firstRow + r) * width + out.first);
        }
    });
}

bool Forward::Worker::step(const CpuLogits& step) {
    const Product products[] = {{&step.head}};
    const std::size_t hidden = m_model.shape.hidden;
    const RowCounts rows = m_forward.m_wantedCounts;
    if (rows.all() == 0) return true;
    const auto row = [&](std::size_t r) { return m_state.x + m_forward.m_wanted[r].row * hidden; };
    return multiply(products, &step.norm, rows, row, [&](const Outputs& out) {
        for (std::size_t r = 0; r < out.rows; ++r) {
            const std::size_t slot = m_forward.m_wanted[out.firstRow + r].slot;
            float* y = m_forward.m_logits.data() + slot * step.head.weight.rows + out.first;
            std::memcpy(y, out.y + r * out.stride, out.count * sizeof(float));
            if (step.head.bias) m_set.vector.add(step.head.bias + out.first, out.count, y);
        }
    });
}

} // namespace altiplano::kernels
