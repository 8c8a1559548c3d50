#pragma once

#include "engine/tokenizer.h"

#include <cstddef>
#include <span>
#include <vector>

namespace altiplano::engine {

/// A token that may be chosen.
struct Candidate {
    TokenId token = -1;
    float logit = 0;
    float probability = 0;
};

/// The tokens that are left and their probabilities: what the stages of sampling narrow down, each in place.
/// A stage leaves at least one token, and probabilities that sum to 1.
class Candidates {
public:
    /// The `k` largest logits (0: all), the largest first; those that are not finite are left out. Equal
    /// logits: the lower token first. May end up empty.
    void assign(std::span<const float> logits, std::size_t k);

    void keepTypical(float mass); ///< locally typical, arXiv 2202.00666
    void keepTopP(float mass);    ///< the fewest most probable tokens that hold `mass`
    void keepMinP(float share);   ///< at least `share` of the most probable one's probability
    void
    excludeTopChoices(float threshold); ///< of those with at least `threshold`, only the least probable stays
    void keepSurprise(float bits);      ///< surprise of at most `bits`: mirostat's cut
    void setTemperature(float temperature); ///< above 0

    /// The candidate at `point` of [0, 1) in the cumulative distribution.
    const Candidate& at(double point) const;

    void sort(); ///< the most probable first
    bool empty() const { return m_items.empty(); }
    const std::vector<Candidate>& items() const { return m_items; }

private:
    void assignAll(std::span<const float> logits);
    void assignTop(std::span<const float> logits, std::size_t k);
    const Candidate& best() const;
    void sortUntil(double mass);
    void softmax(float temperature);
    void keepFirst(std::size_t count);
    void normalize();

    std::vector<Candidate> m_items;
    std::size_t m_sorted = 0; ///< the first of m_items, in order and before all others
};

} // namespace altiplano::engine
