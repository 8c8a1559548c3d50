#include "support/random.h"

#include <cstdio>
#include <cstdlib>

namespace altiplano::test {

std::mt19937_64 seededRandom() {
    const char* fixed = std::getenv("ALTIPLANO_SEED");
    const std::uint64_t seed = fixed ? std::strtoull(fixed, nullptr, 10) : std::random_device{}();
    std::printf("ALTIPLANO_SEED=%llu\n", static_cast<unsigned long long>(seed));
    return std::mt19937_64(seed);
}

} // namespace altiplano::test
