#pragma once

#include "kernels/batch.h"
#include "kernels/step.h"

#include <map>
#include <vector>

namespace altiplano::test {

/// What is rounded to half floats: nothing, or what tensor cores multiply (weights, activations, queries, the
/// weights of attention), as the kernels of many rows do. Sums stay float64.
enum class Operands { Exact, Halves };

/// A plan run in float64, one token at a time: the reference. Besides the operands only K and V are rounded,
/// as the pool stores them.
class Float64Model {
public:
    Float64Model(const kernels::Plan& plan, kernels::KvType kvType, Operands operands = Operands::Exact)
        : m_plan(plan), m_kvType(kvType), m_operands(operands) {}

    /// The logits of a sequence's next token.
    std::vector<double> run(std::int32_t token);

    void reset();

    /// Weights of a row as float64.
    const std::vector<double>& weights(const kernels::TensorView& view);

private:
    using Vector = std::vector<double>;

    Vector normed(const Vector& x, const kernels::RmsNorm& norm);
    Vector product(const kernels::Linear& linear, const Vector& in);
    const Vector& factors(const kernels::TensorView& view); ///< weights as operands
    double operand(double value) const;
    void turn(const kernels::Rope& rope, Vector& heads) const;
    Vector rounded(const Vector& heads) const;
    Vector attend(const kernels::AttentionStep& step) const;

    const kernels::Plan& m_plan;
    kernels::KvType m_kvType;
    Operands m_operands;
    std::map<const std::byte*, Vector> m_weights, m_halves;
    Vector m_x, m_q, m_attention, m_h;
    std::map<std::uint32_t, std::vector<Vector>> m_keys, m_values; ///< by layer, then position
    std::uint32_t m_position = 0;
};

} // namespace altiplano::test
