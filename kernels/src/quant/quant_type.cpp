#include "kernels/quant_type.h"

#include "quant/blocks.h"

#include <algorithm>

namespace altiplano::kernels {

namespace {

constexpr std::array kTraits = {
    QuantTraits{QuantType::F32, "F32", 1, 4},
    QuantTraits{QuantType::F16, "F16", 1, 2},
    QuantTraits{QuantType::Q4_0, "Q4_0", 32, sizeof(BlockQ4_0)},
    QuantTraits{QuantType::Q4_1, "Q4_1", 32, sizeof(BlockQ4_1)},
    QuantTraits{QuantType::Q5_0, "Q5_0", 32, sizeof(BlockQ5_0)},
    QuantTraits{QuantType::Q5_1, "Q5_1", 32, sizeof(BlockQ5_1)},
    QuantTraits{QuantType::Q8_0, "Q8_0", 32, sizeof(BlockQ8_0)},
    QuantTraits{QuantType::Q2_K, "Q2_K", 256, sizeof(BlockQ2_K)},
    QuantTraits{QuantType::Q3_K, "Q3_K", 256, sizeof(BlockQ3_K)},
    QuantTraits{QuantType::Q4_K, "Q4_K", 256, sizeof(BlockQ4_K)},
    QuantTraits{QuantType::Q5_K, "Q5_K", 256, sizeof(BlockQ5_K)},
    QuantTraits{QuantType::Q6_K, "Q6_K", 256, sizeof(BlockQ6_K)},
    QuantTraits{QuantType::Q8_K, "Q8_K", 256, sizeof(BlockQ8_K)},
    QuantTraits{QuantType::IQ4_NL, "IQ4_NL", 32, sizeof(BlockIQ4_NL)},
    QuantTraits{QuantType::IQ4_XS, "IQ4_XS", 256, sizeof(BlockIQ4_XS)},
    QuantTraits{QuantType::BF16, "BF16", 1, 2},
    QuantTraits{QuantType::TQ1_0, "TQ1_0", 256, sizeof(BlockTQ1_0)},
    QuantTraits{QuantType::TQ2_0, "TQ2_0", 256, sizeof(BlockTQ2_0)},
    QuantTraits{QuantType::MXFP4, "MXFP4", 32, sizeof(BlockMXFP4)},
};

} // namespace

const QuantTraits* findQuantTraits(std::uint32_t ggufType) noexcept {
    const auto found = std::ranges::find(kTraits, static_cast<QuantType>(ggufType), &QuantTraits::type);
    return found == kTraits.end() ? nullptr : &*found;
}

const QuantTraits& quantTraits(QuantType type) noexcept {
    return *findQuantTraits(static_cast<std::uint32_t>(type));
}

std::size_t rowBytes(QuantType type, std::size_t columns) noexcept {
    const QuantTraits& traits = quantTraits(type);
    return columns / traits.blockLength * traits.blockBytes;
}

} // namespace altiplano::kernels
