#pragma once

#include "kernels/tensor_view.h"

#include <cstdint>
#include <variant>
#include <vector>

namespace altiplano::kernels {

/// A linear map y = Wx (+ bias). `bias` is F32 [1 x rows], or empty.
struct Linear {
    TensorView weight;
    TensorView bias;
};

/// An RMS norm ahead of a step. `weight` is F32 [1 x columns].
struct RmsNorm {
    TensorView weight;
    float epsilon = 1e-5f;
};

/// Which elements of a head RoPE turns together: 2i and 2i+1 (GGUF's "llama"), or i and i + dims/2 (Qwen).
enum class RopePairing { Adjacent, Halves };

/// Rotary embedding. The angle of pair i at position p is p * inverseFrequency[i]; linear and YaRN scaling and
/// rope_freqs are already folded into it. `magnitude` multiplies sine and cosine (YaRN), else 1.
struct Rope {
    RopePairing pairing = RopePairing::Adjacent;
    std::vector<float> inverseFrequency; ///< [rotated dimensions / 2]
    float magnitude = 1.0f;
};

/// The sizes that every step of a plan shares. hidden need not equal heads * headDim.
struct PlanShape {
    std::uint32_t layers = 0;
    std::uint32_t hidden = 0;
    std::uint32_t heads = 0;
    std::uint32_t kvHeads = 0;
    std::uint32_t headDim = 0;
    std::uint32_t feedForward = 0;
    std::uint32_t vocabulary = 0;
};

/// x = table[token]
struct EmbedStep {
    TensorView table; ///< [vocabulary x hidden]
};

/// q, k, v = rope(W norm(x)); k and v go to their KV page.
struct QkvStep {
    std::uint32_t layer = 0;
    RmsNorm norm;
    Linear q, k, v;
    Rope rope;
};

/// a = softmax(scale * q K^T) V over the row's own sequence, positions <= its own, and only the newest
/// `window` of them where window is not 0.
struct AttentionStep {
    std::uint32_t layer = 0;
    float scale = 0;
    std::uint32_t window = 0;
};

/// x += W a
struct AttentionOutputStep {
    std::uint32_t layer = 0;
    Linear output;
};

/// h = silu(Wg norm(x)) * (Wu norm(x))
struct GateUpStep {
    std::uint32_t layer = 0;
    RmsNorm norm;
    Linear gate, up;
};

/// x += W h
struct DownStep {
    std::uint32_t layer = 0;
    Linear down;
};

/// logits = W norm(x), for the rows that want them. The weight may be the embedding table (tied).
struct LogitsStep {
    RmsNorm norm;
    Linear head;
};

/// One fused step of the forward pass with its weights. See docs/ARCHITECTURE.md.
using Step =
    std::variant<EmbedStep, QkvStep, AttentionStep, AttentionOutputStep, GateUpStep, DownStep, LogitsStep>;

/// A whole forward pass, or the part of it that one device runs (then `steps` starts after the embedding or
/// ends before the logits, and hidden states go in or come out).
struct Plan {
    PlanShape shape;
    std::vector<Step> steps;
};

} // namespace altiplano::kernels
