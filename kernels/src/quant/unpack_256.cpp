// Formats with blocks of 256 weights.
#include "quant/blocks.h"

namespace altiplano::kernels {

KScales unpackKScales(const Bytes<12>& packed) noexcept {
    KScales out;
    for (int i = 0; i < 4; ++i) {
        out.scale[i] = packed[i] & 63;
        out.min[i] = packed[i + 4] & 63;
        out.scale[i + 4] = static_cast<std::uint8_t>((packed[i + 8] & 15) | (packed[i] >> 2 & 0x30));
        out.min[i + 4] = static_cast<std::uint8_t>(packed[i + 8] >> 4 | (packed[i + 4] >> 2 & 0x30));
    }
    return out;
}

namespace {

/// The 2-bit number of weight i: each 32 bytes hold 128 weights, 32 to a bit pair.
int twoBits(const Bytes<64>& quants, int i) {
    return quants[i / 128 * 32 + i % 32] >> i % 128 / 32 * 2 & 3;
}

/// The 4-bit number of weight i: each 32 bytes hold 64 weights, 32 to a nibble.
int nibble(const Bytes<128>& quants, int i) {
    return quants[i / 64 * 32 + i % 32] >> i % 64 / 32 * 4 & 15;
}

/// The six-bit scale of 16 weights in Q3_K: four low bits in bytes 0-7, two high bits in bytes 8-11.
int q3Scale(const Bytes<12>& packed, int i) {
    return (packed[i % 8] >> i / 8 * 4 & 15) | (packed[8 + i % 4] >> i / 4 * 2 & 3) << 4;
}

} // namespace

void unpack(const BlockQ2_K& block, float* weights) noexcept {
    const float d = block.d.value(), dMin = block.dMin.value();
    for (int i = 0; i < 256; ++i) {
        const float scale = d * static_cast<float>(block.scales[i / 16] & 15);
        const float min = dMin * static_cast<float>(block.scales[i / 16] >> 4);
        weights[i] = scale * static_cast<float>(twoBits(block.quants, i)) - min;
    }
}

void unpack(const BlockQ3_K& block, float* weights) noexcept {
    const float d = block.d.value();
    for (int i = 0; i < 256; ++i) {
        const float scale = d * static_cast<float>(q3Scale(block.scales, i / 16) - 32);
        const int high = block.high[i % 32] >> i / 32 & 1; // set: no offset
        weights[i] = scale * static_cast<float>(twoBits(block.quants, i) - (high ? 0 : 4));
    }
}

void unpack(const BlockQ4_K& block, float* weights) noexcept {
    const float d = block.d.value(), dMin = block.dMin.value();
    const KScales scales = unpackKScales(block.scales);
    for (int i = 0; i < 256; ++i) {
        const float scale = d * static_cast<float>(scales.scale[i / 32]);
        const float min = dMin * static_cast<float>(scales.min[i / 32]);
        weights[i] = scale * static_cast<float>(nibble(block.quants, i)) - min;
    }
}

void unpack(const BlockQ5_K& block, float* weights) noexcept {
    const float d = block.d.value(), dMin = block.dMin.value();
    const KScales scales = unpackKScales(block.scales);
    for (int i = 0; i < 256; ++i) {
        const float scale = d * static_cast<float>(scales.scale[i / 32]);
        const float min = dMin * static_cast<float>(scales.min[i / 32]);
        const int quant = nibble(block.quants, i) | (block.high[i % 32] >> i / 32 & 1) << 4;
        weights[i] = scale * static_cast<float>(quant) - min;
    }
}

void unpack(const BlockQ6_K& block, float* weights) noexcept {
    const float d = block.d.value();
    for (int i = 0; i < 256; ++i) {
        const float scale = d * static_cast<float>(static_cast<std::int8_t>(block.scales[i / 16]));
        const int low = block.quants[i / 128 * 64 + i % 64] >> i % 128 / 64 * 4 & 15;
        weights[i] = scale * static_cast<float>((low | twoBits(block.high, i) << 4) - 32);
    }
}

void unpack(const BlockQ8_K& block, float* weights) noexcept {
    const std::uint32_t bits = block.d[0] | static_cast<std::uint32_t>(block.d[1]) << 8 |
                               static_cast<std::uint32_t>(block.d[2]) << 16 |
                               static_cast<std::uint32_t>(block.d[3]) << 24;
    const float d = std::bit_cast<float>(bits);
    for (int i = 0; i < 256; ++i)
        weights[i] = d * static_cast<float>(static_cast<std::int8_t>(block.quants[i]));
}

void unpack(const BlockIQ4_XS& block, float* weights) noexcept {
    const float d = block.d.value();
    const int scalesHigh = block.scalesHigh[0] | block.scalesHigh[1] << 8;
    for (int i = 0; i < 256; ++i) {
        const int group = i / 32, inGroup = i % 32;
        const int low = block.scalesLow[group / 2] >> group % 2 * 4 & 15;
        const float scale = d * static_cast<float>((low | (scalesHigh >> group * 2 & 3) << 4) - 32);
        const int quant = block.quants[group * 16 + inGroup % 16] >> inGroup / 16 * 4 & 15;
        weights[i] = scale * static_cast<float>(kIQ4Values[quant]);
    }
}

void unpack(const BlockTQ1_0& block, float* weights) noexcept {
    constexpr std::array<std::uint8_t, 5> kPowers = {1, 3, 9, 27, 81};
    const float d = block.d.value();
    // A byte is a fraction of 256 in base 3: times 3^n, the digit is what carries out of it.
    const auto digit = [&](std::uint8_t packed, int n) {
        const auto fraction = static_cast<std::uint8_t>(packed * kPowers[n]);
        return d * static_cast<float>((fraction * 3 >> 8) - 1);
    };
    for (int i = 0; i < 160; ++i)
        weights[i] = digit(block.quants[i % 32], i / 32);
    for (int i = 0; i < 80; ++i)
        weights[160 + i] = digit(block.quants[32 + i % 16], i / 16);
    for (int i = 0; i < 16; ++i)
        weights[240 + i] = digit(block.high[i % 4], i / 4);
}

void unpack(const BlockTQ2_0& block, float* weights) noexcept {
    const float d = block.d.value();
    for (int i = 0; i < 256; ++i)
        weights[i] = d * static_cast<float>(twoBits(block.quants, i) - 1);
}

} // namespace altiplano::kernels
