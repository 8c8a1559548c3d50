#include "cuda/checks.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

namespace altiplano::test {

using namespace kernels;

void Report::atMost(const std::string& what, double error, double limit) {
    ++m_checks;
    if (error >= 0) m_worst = std::max(m_worst, error / limit);
    if (error <= limit) return; // false for NaN
    ++m_failures;
    std::printf("FAIL %s: %.3g, at most %.3g\n", what.c_str(), error, limit);
}

void Report::isTrue(const std::string& what, bool value) {
    ++m_checks;
    if (value) return;
    ++m_failures;
    std::printf("FAIL %s\n", what.c_str());
}

void Report::note(const std::string& what) {
    std::printf("%s\n", what.c_str()), std::fflush(stdout);
}

double relativeError(std::span<const float> a, std::span<const double> b) {
    double error = 0, norm = 0;
    for (std::size_t i = 0; i < b.size(); ++i) {
        const double difference = static_cast<double>(a[i]) - b[i];
        error += difference * difference;
        norm += b[i] * b[i];
    }
    return std::sqrt(error / norm);
}

TestSequence randomSequence(std::uint32_t tokens, std::uint32_t vocabulary,
                            std::vector<std::uint32_t>& freePages, std::mt19937_64& random) {
    TestSequence sequence;
    for (std::uint32_t i = 0; i < tokens; ++i)
        sequence.tokens.push_back(static_cast<std::int32_t>(random() % vocabulary));
    std::shuffle(freePages.begin(), freePages.end(), random);
    for (std::uint32_t i = 0; i * kKvPageTokens < tokens; ++i) {
        sequence.pages.push_back(freePages.back());
        freePages.pop_back();
    }
    return sequence;
}

std::vector<float> runRows(const Program& program, ExecutionState& state, const TestSequence& sequence,
                           std::uint32_t begin, std::uint32_t end, std::uint32_t vocabulary,
                           ExecuteTimes* times) {
    std::vector<BatchRow> rows;
    for (std::uint32_t i = begin; i < end; ++i)
        rows.push_back({sequence.tokens[i], i, 0, true});
    const SequencePages pages{sequence.pages};
    std::vector<float> logits(rows.size() * vocabulary, NAN);
    program.execute(state, {rows, {&pages, 1}}, logits, {}, {}, times);
    return logits;
}

} // namespace altiplano::test
