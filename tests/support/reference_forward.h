#pragma once

#include "engine/gguf_file.h"
#include "engine/tokenizer.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace altiplano::test {

/// The forward pass of a LLaMA-family file in float64, straight from its metadata and its dequantized
/// tensors: an oracle that shares no code with the engine but the reading of the file. Slow; for tiny models.
/// LLaMA: arXiv 2302.13971; grouped-query attention: 2305.13245; RoPE: 2104.09864; YaRN: 2309.00071.
class ReferenceForward {
public:
    explicit ReferenceForward(const engine::GgufFile& file);

    /// The logits after each of the tokens, which stand at positions 0, 1, ...
    std::vector<std::vector<double>> logits(std::span<const engine::TokenId> tokens) const;

private:
    using Vector = std::vector<double>;

    double number(const std::string& key, double fallback) const;
    std::string text(const std::string& key) const;
    const Vector* find(const std::string& name) const;
    Vector linear(const std::string& name, const Vector& x) const;
    Vector norm(const std::string& name, const Vector& x) const;
    void makeRope();
    void rotate(double* head, double position) const;
    Vector attend(const Vector& query, const std::vector<Vector>& keys,
                  const std::vector<Vector>& values) const;

    const engine::GgufFile& m_file;
    std::string m_architecture;
    std::map<std::string, Vector, std::less<>> m_tensors;
    std::size_t m_layers, m_hidden, m_heads, m_kvHeads, m_headDim, m_window;
    double m_epsilon;
    Vector m_frequencies;
    double m_magnitude = 1;
};

/// The mean squared difference over the mean square of `expected`.
double normalizedError(std::span<const float> actual, std::span<const double> expected);

} // namespace altiplano::test
