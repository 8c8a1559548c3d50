#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace altiplano::test {

/// Changes bytes as a fuzzer would, one to eight times: flips a bit, writes an extreme number of one to eight
/// bytes, copies, removes or repeats a piece, cuts the end off.
void mutate(std::vector<std::uint8_t>& bytes, std::mt19937_64& random);

} // namespace altiplano::test
