#pragma once

#include "engine/tokenizer.h"

#include <cstddef>
#include <span>
#include <vector>

namespace altiplano::engine {

/// A token that may be chosen, with a weight proportional to its probability.
struct Candidate {
    TokenId token = -1;
    float logit = 0;
    float weight = 0;
};

/// The tokens that are left: what the stages of sampling narrow down, each in place and in time linear in
/// their number. A stage leaves at least one token.
class Candidates {
public:
    /// The `k` largest logits, or for 0 all; those that are not finite are left out. Of equal ones the lower
    /// tokens. A few are sorted, the largest first. May end up empty.
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
    double probability(const Candidate& candidate) const { return candidate.weight / m_total; }

    void sort(); ///< the most probable first
    bool empty() const { return m_items.empty(); }
    const std::vector<Candidate>& items() const { return m_items; }

private:
    void assignAll(std::span<const float> logits);
    void assignTop(std::span<const float> logits, std::size_t k);
    void weigh(float temperature);
    void add(const Candidate& candidate);
    template <typename Predicate>
    void keepIf(Predicate keep);
    template <typename Key>
    void keepLeast(double mass, Key key);

    std::vector<Candidate> m_items;
    double m_total = 0;            ///< sum of the weights
    float m_largest = 0;           ///< of the logits
    bool m_inOrder = false;        ///< the most probable first; else in no order that counts
    std::vector<double> m_buckets; ///< scratch
    std::vector<Candidate> m_border;
};

} // namespace altiplano::engine
