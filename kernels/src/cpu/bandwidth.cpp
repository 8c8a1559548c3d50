#include "cpu/bandwidth.h"

#include "cpu/page_buffer.h"

#include "kernels/backend.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <emmintrin.h>

namespace altiplano::kernels {
namespace {

constexpr std::size_t kBytes = std::size_t{64} << 20;
constexpr std::size_t kJobBytes = std::size_t{1} << 20;

/// Reads everything; the result keeps the compiler from leaving it out.
int read(const std::byte* data, std::size_t bytes) {
    __m128i sums[4] = {};
    for (std::size_t at = 0; at < bytes; at += sizeof sums)
        for (std::size_t i = 0; i < 4; ++i)
            sums[i] =
                _mm_xor_si128(sums[i], _mm_load_si128(reinterpret_cast<const __m128i*>(data + at + 16 * i)));
    const __m128i all = _mm_xor_si128(_mm_xor_si128(sums[0], sums[1]), _mm_xor_si128(sums[2], sums[3]));
    return _mm_cvtsi128_si32(all);
}

} // namespace

double readBandwidth(ThreadPool& pool) {
    using Clock = std::chrono::steady_clock;
    PageBuffer buffer;
    try {
        buffer = PageBuffer(kBytes);
    } catch (const BackendError&) {
        return 0;
    }
    std::atomic<int> sink = 0;
    double best = 0;
    Clock::time_point start;
    pool.run([&](Team& team, std::uint32_t) {
        constexpr std::size_t kJobs = kBytes / kJobBytes;
        team.forEach(kJobs,
                     [&](std::size_t job) { std::memset(buffer.data() + job * kJobBytes, 1, kJobBytes); });
        for (int round = 0; round < 3; ++round) {
            team.forEach(1, [&](std::size_t) { start = Clock::now(); });
            team.forEach(kJobs,
                         [&](std::size_t job) { sink ^= read(buffer.data() + job * kJobBytes, kJobBytes); });
            team.forEach(1, [&](std::size_t) {
                const std::chrono::duration<double> seconds = Clock::now() - start;
                best = std::max(best, static_cast<double>(kBytes) / seconds.count());
            });
        }
    });
    return best;
}

} // namespace altiplano::kernels
