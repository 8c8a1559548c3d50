#pragma once

#include <cstdint>
#include <random>

namespace altiplano::test {

/// A generator seeded from $ALTIPLANO_SEED, else from the clock; prints the seed, so that a failing random
/// case can be run again.
std::mt19937_64 seededRandom();

} // namespace altiplano::test
