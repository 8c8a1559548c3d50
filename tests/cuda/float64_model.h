#pragma once

#include "kernels/batch.h"
#include "kernels/step.h"

#include <map>
#include <vector>

namespace altiplano::test {

/// A plan run in float64, one token at a time: the reference. Only K and V are rounded, as the pool stores
/// them.
class Float64Model {
public:
    Float64Model(const kernels::Plan& plan, kernels::KvType kvType) : m_plan(plan), m_kvType(kvType) {}

    /// The logits of a sequence's next token.
    std::vector<double> run(std::int32_t token);

    void reset();

    /// Weights of a row as float64.
    const std::vector<double>& weights(const kernels::TensorView& view);

private:
    using Vector = std::vector<double>;

    Vector normed(const Vector& x, const kernels::RmsNorm& norm);
    Vector product(const kernels::Linear& linear, const Vector& in);
    void turn(const kernels::Rope& rope, Vector& heads) const;
    Vector rounded(const Vector& heads) const;
    Vector attend(const kernels::AttentionStep& step) const;

    const kernels::Plan& m_plan;
    kernels::KvType m_kvType;
    std::map<const std::byte*, Vector> m_weights;
    Vector m_x, m_q, m_attention, m_h;
    std::map<std::uint32_t, std::vector<Vector>> m_keys, m_values; ///< by layer, then position
    std::uint32_t m_position = 0;
};

} // namespace altiplano::test
