#pragma once

#include "kernels/backend.h"

#include <random>
#include <span>
#include <string>
#include <vector>

/// The GPU's checks: a program of its own, without Qt, so that it runs on a machine that has nothing but a
/// driver.
namespace altiplano::test {

/// Counts what was checked and prints what failed.
class Report {
public:
    /// `error` must be a number, and at most `limit`.
    void atMost(const std::string& what, double error, double limit);
    void isTrue(const std::string& what, bool value);
    void note(const std::string& what);

    int checks() const { return m_checks; }
    int failures() const { return m_failures; }
    double worst() const { return m_worst; } ///< largest error over its limit

private:
    int m_checks = 0, m_failures = 0;
    double m_worst = 0;
};

/// ||a - b|| / ||b||; NaN where a has one.
double relativeError(std::span<const float> a, std::span<const double> b);

/// One sequence in pages of its own, scattered over the pool.
struct TestSequence {
    std::vector<std::int32_t> tokens;
    std::vector<std::uint32_t> pages;
};

TestSequence randomSequence(std::uint32_t tokens, std::uint32_t vocabulary,
                            std::vector<std::uint32_t>& freePages, std::mt19937_64& random);

/// Runs rows [begin, end) of one sequence; the logits of each.
std::vector<float> runRows(const kernels::Program& program, kernels::ExecutionState& state,
                           const TestSequence& sequence, std::uint32_t begin, std::uint32_t end,
                           std::uint32_t vocabulary, kernels::ExecuteTimes* times = nullptr);

void checkProducts(kernels::Backend& backend, Report& report, std::mt19937_64& random);
void checkModels(kernels::Backend& backend, Report& report, std::mt19937_64& random);
void checkDecodeLoop(kernels::Backend& backend, Report& report, std::mt19937_64& random);
void checkSampling(kernels::Backend& backend, Report& report, std::mt19937_64& random);

} // namespace altiplano::test
