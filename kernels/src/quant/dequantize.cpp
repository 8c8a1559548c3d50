#include "kernels/quant_type.h"

#include "quant/blocks.h"

#include <cstring>

namespace altiplano::kernels {

namespace {

template <typename Block>
void unpackAll(std::size_t blockLength, const std::byte* source, float* destination, std::size_t count) {
    for (std::size_t i = 0; i < count; i += blockLength, source += sizeof(Block)) {
        Block block;
        std::memcpy(&block, source, sizeof block);
        unpack(block, destination + i);
    }
}

template <float (*toFloat)(std::uint16_t) noexcept>
void unpack16(const std::byte* source, float* destination, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        destination[i] = toFloat(
            StoredHalf{static_cast<std::uint8_t>(source[2 * i]), static_cast<std::uint8_t>(source[2 * i + 1])}
                .bits());
}

} // namespace

void dequantize(QuantType type, const std::byte* source, float* destination, std::size_t count) noexcept {
    if (count == 0) return;
    switch (type) {
    case QuantType::F32:
        std::memcpy(destination, source, count * sizeof(float));
        return;
    case QuantType::F16:
        return unpack16<halfToFloat>(source, destination, count);
    case QuantType::BF16:
        return unpack16<bfloat16ToFloat>(source, destination, count);
    case QuantType::Q4_0:
        return unpackAll<BlockQ4_0>(32, source, destination, count);
    case QuantType::Q4_1:
        return unpackAll<BlockQ4_1>(32, source, destination, count);
    case QuantType::Q5_0:
        return unpackAll<BlockQ5_0>(32, source, destination, count);
    case QuantType::Q5_1:
        return unpackAll<BlockQ5_1>(32, source, destination, count);
    case QuantType::Q8_0:
        return unpackAll<BlockQ8_0>(32, source, destination, count);
    case QuantType::IQ4_NL:
        return unpackAll<BlockIQ4_NL>(32, source, destination, count);
    case QuantType::MXFP4:
        return unpackAll<BlockMXFP4>(32, source, destination, count);
    case QuantType::Q2_K:
        return unpackAll<BlockQ2_K>(256, source, destination, count);
    case QuantType::Q3_K:
        return unpackAll<BlockQ3_K>(256, source, destination, count);
    case QuantType::Q4_K:
        return unpackAll<BlockQ4_K>(256, source, destination, count);
    case QuantType::Q5_K:
        return unpackAll<BlockQ5_K>(256, source, destination, count);
    case QuantType::Q6_K:
        return unpackAll<BlockQ6_K>(256, source, destination, count);
    case QuantType::Q8_K:
        return unpackAll<BlockQ8_K>(256, source, destination, count);
    case QuantType::IQ4_XS:
        return unpackAll<BlockIQ4_XS>(256, source, destination, count);
    case QuantType::TQ1_0:
        return unpackAll<BlockTQ1_0>(256, source, destination, count);
    case QuantType::TQ2_0:
        return unpackAll<BlockTQ2_0>(256, source, destination, count);
    }
}

} // namespace altiplano::kernels
