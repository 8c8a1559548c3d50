#include "cpu/patience.h"

#include <algorithm>
#include <chrono>
#include <immintrin.h>

namespace altiplano::kernels {

bool Patience::stayAwake(const std::atomic<std::uint32_t>& value, std::uint32_t old,
                         std::uint32_t microseconds) {
    using Clock = std::chrono::steady_clock;
    const auto changed = [&] { return value.load(std::memory_order_acquire) != old; };
    if (changed()) return true;
    const auto end = Clock::now() + std::chrono::microseconds(microseconds);
    do {
        for (int i = 0; i < 4; ++i) {
            _mm_pause();
            if (changed()) return true;
        }
    } while (Clock::now() < end);
    return false;
}

void Patience::waitWhile(const std::atomic<std::uint32_t>& value, std::uint32_t old) {
    if (value.load(std::memory_order_acquire) != old) return;
    const std::uint32_t microseconds = m_microseconds.load(std::memory_order_relaxed);
    if (stayAwake(value, old, microseconds)) {
        if (microseconds < kMost) m_microseconds.store(2 * microseconds, std::memory_order_relaxed);
    } else {
        m_microseconds.store(std::max(microseconds / 4, kLeast), std::memory_order_relaxed);
        value.wait(old, std::memory_order_acquire);
    }
}

void Patience::waitForRun(const std::atomic<std::uint32_t>& run, std::uint32_t old) const {
    if (!stayAwake(run, old, m_microseconds.load(std::memory_order_relaxed)))
        run.wait(old, std::memory_order_acquire);
}

} // namespace altiplano::kernels
