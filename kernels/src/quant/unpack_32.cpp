// Formats with blocks of 32 weights.
#include "quant/blocks.h"

namespace altiplano::kernels {

namespace {

/// The 4-bit number of weight i.
int nibble(const Bytes<16>& quants, int i) {
    return i < 16 ? quants[i] & 15 : quants[i - 16] >> 4;
}

/// The 5-bit number of weight i.
int fiveBits(const Bytes<16>& quants, const Bytes<4>& high, int i) {
    return nibble(quants, i) | (high[i / 8] >> i % 8 & 1) << 4;
}

} // namespace

void unpack(const BlockQ4_0& block, float* weights) noexcept {
    const float d = block.d.value();
    for (int i = 0; i < 32; ++i)
        weights[i] = d * static_cast<float>(nibble(block.quants, i) - 8);
}

void unpack(const BlockQ4_1& block, float* weights) noexcept {
    const float d = block.d.value(), min = block.min.value();
    for (int i = 0; i < 32; ++i)
        weights[i] = d * static_cast<float>(nibble(block.quants, i)) + min;
}

void unpack(const BlockQ5_0& block, float* weights) noexcept {
    const float d = block.d.value();
    for (int i = 0; i < 32; ++i)
        weights[i] = d * static_cast<float>(fiveBits(block.quants, block.high, i) - 16);
}

void unpack(const BlockQ5_1& block, float* weights) noexcept {
    const float d = block.d.value(), min = block.min.value();
    for (int i = 0; i < 32; ++i)
        weights[i] = d * static_cast<float>(fiveBits(block.quants, block.high, i)) + min;
}

void unpack(const BlockQ8_0& block, float* weights) noexcept {
    const float d = block.d.value();
    for (int i = 0; i < 32; ++i)
        weights[i] = d * static_cast<float>(static_cast<std::int8_t>(block.quants[i]));
}

void unpack(const BlockIQ4_NL& block, float* weights) noexcept {
    const float d = block.d.value();
    for (int i = 0; i < 32; ++i)
        weights[i] = d * static_cast<float>(kIQ4Values[nibble(block.quants, i)]);
}

void unpack(const BlockMXFP4& block, float* weights) noexcept {
    // 2^(exponent - 128), since kMXFP4Values are doubled; the two smallest are denormal.
    const std::uint32_t e = block.exponent;
    const float d = std::bit_cast<float>(e < 2 ? 0x00200000u << e : (e - 1) << 23);
    for (int i = 0; i < 32; ++i)
        weights[i] = d * static_cast<float>(kMXFP4Values[nibble(block.quants, i)]);
}

} // namespace altiplano::kernels
