#pragma once

#include "kernels/batch.h"
#include "kernels/step.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <span>
#include <vector>

namespace altiplano::test {

/// What a random plan is like. Columns must be whole blocks of the types.
struct RandomPlanOptions {
    kernels::PlanShape shape{2, 64, 4, 2, 16, 96, 50};
    std::vector<kernels::QuantType> types = {kernels::QuantType::F32}; ///< one is drawn for each matrix
    kernels::RopePairing pairing = kernels::RopePairing::Adjacent;
    std::uint32_t rotated = 0; ///< dimensions of a head that RoPE turns; 0: all
    std::uint32_t window = 0;
    bool biases = false;
    bool tied = false;
};

/// A plan with random weights, and what it computes in float64: an oracle that shares no code with the
/// backends but `dequantize`.
class RandomPlan {
public:
    RandomPlan(const RandomPlanOptions& options, std::mt19937_64& random);
    RandomPlan(const RandomPlan&) = delete;

    const kernels::Plan& plan() const { return m_plan; }
    const kernels::PlanShape& shape() const { return m_plan.shape; }

    /// The first or the second half of the layers only.
    kernels::Plan part(bool second) const;

    /// Logits after each of the tokens, which stand at positions 0, 1, ... K and V are rounded to half
    /// floats, as the F16 KV cache does.
    std::vector<std::vector<double>> logits(std::span<const std::int32_t> tokens) const;

    std::vector<std::int32_t> randomTokens(std::size_t count, std::mt19937_64& random) const;

private:
    using Vector = std::vector<double>;

    kernels::TensorView matrix(std::size_t rows, std::size_t columns, float deviation,
                               std::mt19937_64& random);
    kernels::TensorView vector(std::size_t columns, float mean, float deviation, std::mt19937_64& random);
    const Vector& numbers(const kernels::TensorView& view) const; ///< all of them
    Vector apply(const kernels::Linear& linear, const Vector& x) const;
    Vector normalize(const kernels::RmsNorm& norm, const Vector& x) const;
    void rotate(const kernels::Rope& rope, double position, double* head) const;

    RandomPlanOptions m_options;
    std::deque<std::vector<std::byte>> m_memory;
    kernels::Plan m_plan;
    mutable std::map<const std::byte*, Vector> m_numbers;
};

} // namespace altiplano::test
