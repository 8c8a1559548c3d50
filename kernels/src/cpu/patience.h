#pragma once

#include <atomic>
#include <cstdint>

namespace altiplano::kernels {

/// How the threads of a pool wait for each other: awake as long as that has paid lately, then asleep. Where
/// every thread has a core, the others arrive within microseconds and falling asleep would cost more; where
/// cores are shared, who waits awake keeps the core from whom it waits for.
class Patience {
public:
    /// Returns once `value` is no longer `old`. Who changes it has to notify.
    void waitWhile(const std::atomic<std::uint32_t>& value, std::uint32_t old);

    /// The same where how long it takes says nothing about the threads.
    void waitForRun(const std::atomic<std::uint32_t>& run, std::uint32_t old) const;

    /// Whether `value` changed within so long.
    static bool stayAwake(const std::atomic<std::uint32_t>& value, std::uint32_t old,
                          std::uint32_t microseconds);

private:
    std::atomic<std::uint32_t> m_microseconds = kMost; ///< to stay awake; a race costs no more than time
    static constexpr std::uint32_t kMost = 256, kLeast = 2;
};

} // namespace altiplano::kernels
