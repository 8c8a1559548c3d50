#pragma once

#include "kernels/step.h"

#include <cstdint>

namespace altiplano::engine {

class GgufFile;
class Hyperparameters;

/// The rotary embedding that a file asks for: rope.freq_base, linear or YaRN scaling (Peng et al. 2023, arXiv
/// 2309.00071, with the corrections that ggml and Hugging Face transformers agree on) and the divisors in
/// rope_freqs.weight (Llama 3.1), all folded into the frequencies. Error{BadFile} for numbers that make no
/// sense, Error{Unsupported} for another kind of scaling.
kernels::Rope ropeFromGguf(const GgufFile& file, const Hyperparameters& keys, kernels::RopePairing pairing,
                           std::uint32_t dimensions, std::uint32_t contextLength);

} // namespace altiplano::engine
