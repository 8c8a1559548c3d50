#include "sampling_stages.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace altiplano::engine {

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

bool better(const Candidate& a, const Candidate& b) {
    return a.logit != b.logit ? a.logit > b.logit : a.token < b.token;
}

/// True when one of a block of logits is above the threshold. Written so that compilers make it a vector
/// loop.
constexpr std::size_t kBlock = 32;
bool anyAbove(const float* logits, float threshold) {
    int any = 0;
    for (std::size_t i = 0; i < kBlock; ++i)
        any |= logits[i] > threshold ? 1 : 0;
    return any != 0;
}

} // namespace

void Candidates::assign(std::span<const float> logits, std::size_t k) {
    m_items.clear();
    m_sorted = 0;
    if (k == 0 || k >= logits.size())
        assignAll(logits);
    else
        assignTop(logits, k);
    if (!m_items.empty()) softmax(1.0f);
}

void Candidates::assignAll(std::span<const float> logits) {
    m_items.reserve(logits.size());
    for (std::size_t i = 0; i < logits.size(); ++i)
        if (std::isfinite(logits[i])) m_items.push_back({static_cast<TokenId>(i), logits[i], 0});
}

/// One pass with a rising threshold: whatever is below the k-th best of those seen so far is skipped in
/// blocks.
void Candidates::assignTop(std::span<const float> logits, std::size_t k) {
    const std::size_t capacity = 2 * k + kBlock;
    m_items.reserve(capacity);
    float threshold = -kInfinity;
    const auto keepBest = [&] {
        const auto last = m_items.begin() + static_cast<std::ptrdiff_t>(k - 1);
        std::nth_element(m_items.begin(), last, m_items.end(), better);
        threshold = last->logit;
        m_items.resize(k);
    };
    const auto take = [&](std::size_t from, std::size_t to) {
        for (std::size_t i = from; i < to; ++i)
            if (logits[i] > threshold && logits[i] < kInfinity)
                m_items.push_back({static_cast<TokenId>(i), logits[i], 0});
        if (m_items.size() > capacity - kBlock) keepBest();
    };
    std::size_t i = 0;
    for (; i + kBlock <= logits.size(); i += kBlock)
        if (anyAbove(&logits[i], threshold)) take(i, i + kBlock);
    take(i, logits.size());
    if (m_items.size() > k) keepBest();
    sort();
}

void Candidates::sort() {
    if (m_sorted == m_items.size()) return;
    std::sort(m_items.begin(), m_items.end(), better);
    m_sorted = m_items.size();
}

/// Sorts as many of the first candidates as hold `mass`, in growing steps: of a whole vocabulary few do.
void Candidates::sortUntil(double mass) {
    double sum = 0;
    for (std::size_t i = 0; i < m_items.size() && (i == 0 || sum < mass); ++i) {
        if (i == m_sorted) {
            const std::size_t end = std::min(m_items.size(), std::max<std::size_t>(256, 4 * m_sorted));
            std::partial_sort(m_items.begin() + static_cast<std::ptrdiff_t>(m_sorted),
                              m_items.begin() + static_cast<std::ptrdiff_t>(end), m_items.end(), better);
            m_sorted = end;
        }
        sum += m_items[i].probability;
    }
}

const Candidate& Candidates::best() const {
    return m_sorted > 0 ? m_items.front() : *std::min_element(m_items.begin(), m_items.end(), better);
}

void Candidates::softmax(float temperature) {
    const float largest = best().logit;
    for (Candidate& candidate : m_items)
        candidate.probability = std::exp((candidate.logit - largest) / temperature);
    normalize();
}

void Candidates::normalize() {
    double sum = 0;
    for (const Candidate& candidate : m_items)
        sum += candidate.probability;
    for (Candidate& candidate : m_items)
        candidate.probability = static_cast<float>(candidate.probability / sum);
}

void Candidates::keepFirst(std::size_t count) {
    m_items.resize(std::max<std::size_t>(1, std::min(count, m_items.size())));
    m_sorted = std::min(m_sorted, m_items.size());
    normalize();
}

void Candidates::keepTypical(float mass) {
    double entropy = 0;
    for (const Candidate& candidate : m_items)
        if (candidate.probability > 0)
            entropy -= candidate.probability * std::log(double(candidate.probability));
    const auto distance = [&](const Candidate& candidate) {
        return std::abs(-std::log(double(candidate.probability)) - entropy);
    };
    struct Ranked {
        double distance;
        Candidate candidate;
    };
    std::vector<Ranked> ranked;
    ranked.reserve(m_items.size());
    for (const Candidate& candidate : m_items)
        ranked.push_back({distance(candidate), candidate});
    std::sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) {
        return a.distance != b.distance ? a.distance < b.distance : better(a.candidate, b.candidate);
    });
    m_items.clear();
    double sum = 0;
    for (const Ranked& next : ranked) {
        if (sum >= mass && !m_items.empty()) break;
        m_items.push_back(next.candidate);
        sum += next.candidate.probability;
    }
    m_sorted = 0;
    sort();
    normalize();
}

void Candidates::keepTopP(float mass) {
    sortUntil(mass);
    double sum = 0;
    std::size_t count = 0;
    while (count < m_items.size() && sum < mass)
        sum += m_items[count++].probability;
    keepFirst(count);
}

void Candidates::keepMinP(float share) {
    const float most = best().probability;
    std::erase_if(m_items, [&](const Candidate& candidate) { return candidate.probability < share * most; });
    m_sorted = std::min(m_sorted, m_items.size());
    normalize();
}

void Candidates::excludeTopChoices(float threshold) {
    sort();
    const auto end = std::find_if(m_items.begin(), m_items.end(), [&](const Candidate& candidate) {
        return candidate.probability < threshold;
    });
    if (end - m_items.begin() < 2) return;
    m_items.erase(m_items.begin(), end - 1);
    m_sorted = m_items.size();
    normalize();
}

void Candidates::keepSurprise(float bits) {
    const Candidate top = best();
    std::erase_if(m_items,
                  [&](const Candidate& candidate) { return -std::log2(candidate.probability) > bits; });
    if (m_items.empty()) m_items.push_back(top);
    m_sorted = 0;
    normalize();
}

void Candidates::setTemperature(float temperature) {
    if (temperature != 1.0f) softmax(temperature);
}

const Candidate& Candidates::at(double point) const {
    double sum = 0;
    for (const Candidate& candidate : m_items) {
        sum += candidate.probability;
        if (point < sum) return candidate;
    }
    return m_items.back();
}

} // namespace altiplano::engine
