#include "sampling_stages.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

namespace altiplano::engine {

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr std::size_t kMostSorted = 1024; ///< candidates that are worth their order

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

/// e to the power of each x, which is 0 or less; of those below -87 e to the -87. Within 3e-7 of the number
/// and, unlike std::exp, the same on every machine and a vector loop. Range reduction by Cody and Waite.
void exponentials(float (&x)[kBlock]) {
    for (float& value : x) {
        // A minimum of integers, as one of floats is a branch to compilers that honour NaN.
        const std::int32_t magnitude =
            std::min(std::bit_cast<std::int32_t>(value) & 0x7FFFFFFF, std::bit_cast<std::int32_t>(87.0f));
        const float clamped = -std::bit_cast<float>(magnitude);
        const float power = (clamped * 1.44269504f + 12582912.0f) - 12582912.0f; // rounds to an integer
        const float rest = (clamped - power * 0.693359375f) + power * 2.12194440e-4f;
        float sum = 1.0f / 720;
        sum = sum * rest + 1.0f / 120;
        sum = sum * rest + 1.0f / 24;
        sum = sum * rest + 1.0f / 6;
        sum = sum * rest + 0.5f;
        sum = sum * rest + 1.0f;
        sum = sum * rest + 1.0f;
        value = sum * std::bit_cast<float>((static_cast<std::int32_t>(power) + 127) << 23);
    }
}

double sumOf(const float (&x)[kBlock]) {
    float parts[kBlock / 4];
    for (std::size_t i = 0; i < kBlock / 4; ++i)
        parts[i] = (x[i] + x[i + 8]) + (x[i + 16] + x[i + 24]);
    return std::accumulate(std::begin(parts), std::end(parts), 0.0);
}

/// The largest finite one, or minus infinity.
float largestOf(std::span<const float> logits) {
    float most[kBlock];
    std::fill(std::begin(most), std::end(most), -kInfinity);
    std::size_t from = 0;
    for (; from + kBlock <= logits.size(); from += kBlock)
        for (std::size_t i = 0; i < kBlock; ++i)
            most[i] = logits[from + i] > most[i] ? logits[from + i] : most[i];
    for (; from < logits.size(); ++from)
        most[0] = logits[from] > most[0] ? logits[from] : most[0];
    const float largest = *std::max_element(std::begin(most), std::end(most));
    if (largest < kInfinity) return largest;
    return std::accumulate(logits.begin(), logits.end(), -kInfinity,
                           [](float a, float b) { return b > a && b < kInfinity ? b : a; });
}

/// Buckets of non-negative floats: 64 of them for each power of 2, in the order of the numbers.
constexpr std::size_t kBuckets = (0x7F800000u >> 17) + 1;
std::size_t bucketOf(float key) {
    return std::bit_cast<std::uint32_t>(key) >> 17;
}

} // namespace

void Candidates::assign(std::span<const float> logits, std::size_t k) {
    m_items.clear();
    m_inOrder = false;
    if (k == 0)
        assignAll(logits);
    else
        assignTop(logits, std::min(k, logits.size()));
    m_largest = largestOf(logits);
    if (!m_items.empty()) weigh(1.0f);
}

void Candidates::assignAll(std::span<const float> logits) {
    m_items.resize(logits.size());
    std::size_t count = 0;
    for (std::size_t i = 0; i < logits.size(); ++i)
        if (std::isfinite(logits[i])) m_items[count++] = {static_cast<TokenId>(i), logits[i], 0};
    m_items.resize(count);
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
    if (k <= kMostSorted) sort();
}

void Candidates::sort() {
    std::sort(m_items.begin(), m_items.end(), better);
    m_inOrder = true;
}

void Candidates::weigh(float temperature) {
    const float inverse = 1 / temperature;
    m_total = 0;
    for (std::size_t from = 0; from < m_items.size(); from += kBlock) {
        const std::size_t count = std::min(kBlock, m_items.size() - from);
        float weights[kBlock];
        std::fill(std::begin(weights), std::end(weights), -kInfinity);
        for (std::size_t i = 0; i < count; ++i)
            weights[i] = (m_items[from + i].logit - m_largest) * inverse;
        exponentials(weights);
        for (std::size_t i = 0; i < count; ++i)
            m_items[from + i].weight = weights[i];
        m_total += sumOf(weights);
    }
}

template <typename Predicate>
void Candidates::keepIf(Predicate keep) {
    std::size_t count = 0;
    double total = 0;
    float largest = -kInfinity;
    for (const Candidate& candidate : m_items) {
        if (!keep(candidate)) continue;
        m_items[count++] = candidate;
        total += candidate.weight;
        largest = std::max(largest, candidate.logit);
    }
    m_items.resize(count);
    m_total = total;
    m_largest = largest;
}

void Candidates::add(const Candidate& candidate) {
    m_items.push_back(candidate);
    m_total += candidate.weight;
    m_largest = std::max(m_largest, candidate.logit);
}

/// Keeps the fewest candidates of the smallest keys, 0 or more, that hold `mass`; of equal keys the better
/// candidates.
template <typename Key>
void Candidates::keepLeast(double mass, Key key) {
    m_buckets.assign(kBuckets, 0);
    for (const Candidate& candidate : m_items)
        m_buckets[bucketOf(key(candidate))] += candidate.weight;
    double left = mass * m_total;
    std::size_t border = 0;
    while (border + 1 < kBuckets && m_buckets[border] < left)
        left -= m_buckets[border++];

    m_border.clear();
    keepIf([&](const Candidate& candidate) {
        const std::size_t bucket = bucketOf(key(candidate));
        if (bucket == border) m_border.push_back(candidate);
        return bucket < border;
    });
    std::sort(m_border.begin(), m_border.end(), [&](const Candidate& a, const Candidate& b) {
        return key(a) != key(b) ? key(a) < key(b) : better(a, b);
    });
    for (const Candidate& candidate : m_border) {
        if (left <= 0 && !m_items.empty()) break;
        add(candidate);
        left -= candidate.weight;
    }
}

void Candidates::keepTypical(float mass) {
    const float largest = m_largest;
    const double logTotal = std::log(m_total);
    double entropy = logTotal;
    for (const Candidate& candidate : m_items)
        entropy -= candidate.weight / m_total * (double(candidate.logit) - largest);
    keepLeast(mass, [&](const Candidate& candidate) {
        const double surprise = logTotal - (double(candidate.logit) - largest);
        return static_cast<float>(std::abs(surprise - entropy));
    });
    if (m_inOrder) sort();
}

void Candidates::keepTopP(float mass) {
    keepLeast(mass, [largest = m_largest](const Candidate& candidate) { return largest - candidate.logit; });
}

void Candidates::keepMinP(float share) {
    float most = 0;
    for (const Candidate& candidate : m_items)
        most = std::max(most, candidate.weight);
    keepIf([&](const Candidate& candidate) { return candidate.weight >= share * most; });
}

void Candidates::excludeTopChoices(float threshold) {
    const Candidate* least = nullptr;
    std::size_t count = 0;
    const auto isTop = [&, least = threshold * m_total](const Candidate& c) { return c.weight >= least; };
    for (const Candidate& candidate : m_items) {
        if (!isTop(candidate)) continue;
        ++count;
        if (!least || better(*least, candidate)) least = &candidate;
    }
    if (count < 2) return;
    keepIf([&, stays = least->token](const Candidate& c) { return c.token == stays || !isTop(c); });
}

void Candidates::keepSurprise(float bits) {
    const Candidate top = *std::min_element(m_items.begin(), m_items.end(), better);
    const double least = std::exp2(-double(bits)) * m_total;
    keepIf([&](const Candidate& candidate) { return candidate.weight >= least; });
    if (m_items.empty()) add(top);
}

void Candidates::setTemperature(float temperature) {
    if (temperature != 1.0f) weigh(temperature);
}

const Candidate& Candidates::at(double point) const {
    double sum = 0;
    for (const Candidate& candidate : m_items) {
        sum += candidate.weight;
        if (point * m_total < sum) return candidate;
    }
    return m_items.back();
}

} // namespace altiplano::engine
