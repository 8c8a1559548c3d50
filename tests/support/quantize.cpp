#include "support/quantize.h"

#include "kernels/half.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>

namespace altiplano::test {

using kernels::QuantType;

namespace {

void appendHalf(std::vector<std::byte>& out, float value) {
    const std::uint16_t half = kernels::floatToHalf(value);
    out.push_back(static_cast<std::byte>(half & 0xff));
    out.push_back(static_cast<std::byte>(half >> 8));
}

/// A block of 32 for the formats with `bits` bits a weight: around zero, or from the block's minimum up.
void appendBlock(std::vector<std::byte>& out, std::span<const float> weights, int bits, bool hasMin) {
    const auto [low, high] = std::ranges::minmax(weights);
    const float extreme = -low > high ? low : high;
    const int top = (1 << bits) - 1, zero = hasMin ? 0 : 1 << (bits - 1);
    float d = hasMin ? (high - low) / static_cast<float>(top) : extreme / static_cast<float>(-zero);
    if (bits == 8) d = std::abs(extreme) / 127;
    const float min = hasMin ? low : 0;
    std::array<int, 32> quants{};
    for (std::size_t i = 0; i < 32; ++i)
        if (d != 0)
            quants[i] = std::clamp(static_cast<int>(std::lround((weights[i] - min) / d)) + zero, 0, top);

    appendHalf(out, d);
    if (hasMin) appendHalf(out, min);
    if (bits == 8) {
        for (const int quant : quants)
            out.push_back(static_cast<std::byte>(quant - zero));
        return;
    }
    if (bits == 5)
        for (int byte = 0; byte < 4; ++byte) {
            int fifth = 0;
            for (int bit = 0; bit < 8; ++bit)
                fifth |= quants[byte * 8 + bit] >> 4 << bit;
            out.push_back(static_cast<std::byte>(fifth));
        }
    for (int i = 0; i < 16; ++i)
        out.push_back(static_cast<std::byte>((quants[i] & 15) | (quants[i + 16] & 15) << 4));
}

/// Where a format of random bits keeps its scale, and its minimum's scale with what the quants' mean asks it
/// to be.
struct ScalePlace {
    QuantType type;
    std::size_t scale;
    std::size_t min = 0;
    float minPerScale = 0;
};
constexpr std::array kScalePlaces = {
    ScalePlace{QuantType::Q2_K, 80, 82, 1.5f}, ScalePlace{QuantType::Q3_K, 108},
    ScalePlace{QuantType::Q4_K, 0, 2, 7.5f},   ScalePlace{QuantType::Q5_K, 0, 2, 15.5f},
    ScalePlace{QuantType::Q6_K, 208},          ScalePlace{QuantType::Q8_K, 0},
    ScalePlace{QuantType::IQ4_NL, 0},          ScalePlace{QuantType::IQ4_XS, 0},
    ScalePlace{QuantType::TQ1_0, 52},          ScalePlace{QuantType::TQ2_0, 64},
    ScalePlace{QuantType::MXFP4, 0},
};

void putScale(std::byte* block, const ScalePlace& place, float d) {
    if (place.type == QuantType::Q8_K) {
        std::memcpy(block, &d, sizeof d);
    } else if (place.type == QuantType::MXFP4) {
        block[0] = static_cast<std::byte>(std::clamp(std::lround(std::log2(d)) + 128, 0L, 254L));
    } else {
        const std::uint16_t half = kernels::floatToHalf(d), min = kernels::floatToHalf(d * place.minPerScale);
        std::memcpy(block + place.scale, &half, 2);
        if (place.minPerScale != 0) std::memcpy(block + place.min, &min, 2);
    }
}

/// Makes random bits valid: no fourth value in TQ2_0, Q8_K's sums right.
void repair(std::byte* block, QuantType type) {
    if (type == QuantType::TQ2_0)
        for (std::size_t i = 0; i < 64; ++i)
            block[i] &= ~(block[i] & block[i] >> 1 & std::byte{0x55});
    if (type == QuantType::Q8_K)
        for (std::size_t group = 0; group < 16; ++group) {
            std::int16_t sum = 0;
            for (std::size_t i = 0; i < 16; ++i)
                sum = static_cast<std::int16_t>(sum + static_cast<std::int8_t>(block[4 + group * 16 + i]));
            std::memcpy(block + 260 + group * 2, &sum, 2);
        }
}

} // namespace

bool canQuantize(QuantType type) {
    return std::ranges::find(kScalePlaces, type, &ScalePlace::type) == kScalePlaces.end();
}

std::vector<std::byte> quantize(QuantType type, std::span<const float> weights) {
    std::vector<std::byte> out;
    out.reserve(kernels::rowBytes(type, weights.size()));
    if (type == QuantType::F32) {
        const auto bytes = std::as_bytes(weights);
        out.assign(bytes.begin(), bytes.end());
    } else if (type == QuantType::F16) {
        for (const float weight : weights)
            appendHalf(out, weight);
    } else if (type == QuantType::BF16) {
        for (const float weight : weights) {
            const std::uint16_t bits = kernels::floatToBfloat16(weight);
            out.push_back(static_cast<std::byte>(bits & 0xff));
            out.push_back(static_cast<std::byte>(bits >> 8));
        }
    } else if (canQuantize(type)) {
        const int bits = type == QuantType::Q8_0                              ? 8
                         : type == QuantType::Q5_0 || type == QuantType::Q5_1 ? 5
                                                                              : 4;
        const bool hasMin = type == QuantType::Q4_1 || type == QuantType::Q5_1;
        for (std::size_t i = 0; i < weights.size(); i += 32)
            appendBlock(out, weights.subspan(i, 32), bits, hasMin);
    } else {
        throw std::invalid_argument("no quantizer for " + std::string(kernels::quantTraits(type).name));
    }
    return out;
}

std::vector<std::byte> randomWeights(QuantType type, std::size_t count, float deviation,
                                     std::mt19937_64& random) {
    const kernels::QuantTraits& traits = kernels::quantTraits(type);
    if (count % traits.blockLength != 0)
        throw std::invalid_argument(std::to_string(count) + " weights are no whole blocks of " +
                                    std::string(traits.name));
    std::vector<float> weights(count);
    if (canQuantize(type)) {
        std::normal_distribution<float> normal(0, deviation);
        for (float& weight : weights)
            weight = normal(random);
        return quantize(type, weights);
    }
    std::vector<std::byte> blocks(count / traits.blockLength * traits.blockBytes);
    for (std::byte& byte : blocks)
        byte = static_cast<std::byte>(random());
    const ScalePlace& place = *std::ranges::find(kScalePlaces, type, &ScalePlace::type);
    const auto putScales = [&](float d, float spread) {
        std::uniform_real_distribution<float> factor(1 - spread, 1 + spread);
        for (std::size_t at = 0; at < blocks.size(); at += traits.blockBytes) {
            putScale(&blocks[at], place, d * factor(random));
            repair(&blocks[at], type);
        }
    };
    putScales(1, 0);
    kernels::dequantize(type, blocks.data(), weights.data(), count);
    double squares = 0;
    for (const float weight : weights)
        squares += static_cast<double>(weight) * weight;
    putScales(deviation / static_cast<float>(
                              std::sqrt(squares / static_cast<double>(std::max<std::size_t>(count, 1)))),
              0.5f);
    return blocks;
}

} // namespace altiplano::test
