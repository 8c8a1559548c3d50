#include "rope_config.h"

#include "engine/gguf_file.h"
#include "gguf/printable.h"
#include "hyperparameters.h"
#include "kernels/quant_type.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace altiplano::engine {

namespace {

/// How far each pair of dimensions is stretched, and what that does to attention.
struct Scaling {
    std::vector<double> perPair; ///< multiplies the frequencies
    double magnitude = 1;
};

/// What positions are divided by; 1 where nothing is scaled.
double scalingFactor(const Hyperparameters& keys) {
    const std::string key = keys.find("rope.scaling.factor") ? "rope.scaling.factor" : "rope.scale_linear";
    return keys.number(key) == 0.0 ? 1 : keys.positive(key, 1); // converters write 0 for "none"
}

/// The index of the pair that turns `turns` times within the original context.
double pairOfTurns(double turns, double base, double contextLength, double dimensions) {
    return dimensions * std::log(contextLength / (turns * 2 * std::numbers::pi)) / (2 * std::log(base));
}

/// YaRN: pairs that turn often keep their frequency, slow ones are interpolated, those between blend.
Scaling yarnScaling(const Hyperparameters& keys, double base, std::uint32_t dimensions,
                    std::uint32_t contextLength) {
    const double factor = scalingFactor(keys);
    const double original = keys.count("rope.scaling.original_context_length", contextLength);
    const double fast = keys.positive("rope.scaling.yarn_beta_fast", 32);
    const double slow = keys.positive("rope.scaling.yarn_beta_slow", 1);
    const double extrapolation = keys.number("rope.scaling.yarn_ext_factor").value_or(1);
    if (!(extrapolation >= 0 && extrapolation <= 1))
        keys.refuse("rope.scaling.yarn_ext_factor", "is not from 0 to 1");

    const double first = std::max(0.0, std::floor(pairOfTurns(fast, base, original, dimensions)));
    const double last = std::min(dimensions - 1.0, std::ceil(pairOfTurns(slow, base, original, dimensions)));
    Scaling scaling;
    for (std::uint32_t pair = 0; pair < dimensions / 2; ++pair) {
        const double ramp = std::clamp((pair - first) / std::max(0.001, last - first), 0.0, 1.0);
        const double kept = (1 - ramp) * extrapolation;
        scaling.perPair.push_back((1 - kept) / factor + kept);
    }
    const auto gain = [&](double multiplier) {
        return factor <= 1 ? 1.0 : 0.1 * multiplier * std::log(factor) + 1;
    };
    const double logMultiplier = keys.number("rope.scaling.yarn_log_multiplier").value_or(0);
    if (extrapolation != 0) scaling.magnitude = logMultiplier == 0 ? gain(1) : gain(1) / gain(logMultiplier);
    scaling.magnitude = keys.positive("rope.scaling.yarn_attn_factor", static_cast<float>(scaling.magnitude));
    return scaling;
}

Scaling readScaling(const Hyperparameters& keys, double base, std::uint32_t dimensions,
                    std::uint32_t contextLength) {
    const std::string_view type = keys.string("rope.scaling.type").value_or("linear");
    Scaling scaling{std::vector<double>(dimensions / 2, 1), 1};
    if (type == "yarn") {
        scaling = yarnScaling(keys, base, dimensions, contextLength);
    } else if (type == "linear") {
        std::ranges::fill(scaling.perPair, 1 / scalingFactor(keys));
    } else if (type != "none") {
        keys.refuse("rope.scaling.type",
                    "scaling of the kind " + inQuotes(type) + " is not supported; linear and yarn are",
                    ErrorCode::Unsupported);
    }
    scaling.magnitude *= keys.positive("rope.scaling.attn_factor", 1);
    return scaling;
}

/// rope_freqs.weight: what each pair's frequency is divided by. All 1 where the file has none.
std::vector<float> readDivisors(const GgufFile& file, std::size_t pairs) {
    std::vector<float> divisors(pairs, 1);
    const GgufTensor* tensor = file.tensor("rope_freqs.weight");
    if (!tensor) return divisors;
    const auto refuse = [&](const std::string& reason) {
        throw Error(ErrorCode::BadFile,
                    onOneLine(file.path().string()) + ": tensor 'rope_freqs.weight': " + reason);
    };
    if (static_cast<kernels::QuantType>(tensor->type) != kernels::QuantType::F32) refuse("is not F32");
    if (tensor->dimensions != std::vector<std::uint64_t>{pairs})
        refuse("does not have one number for each of " + std::to_string(pairs) + " pairs");
    kernels::dequantize(kernels::QuantType::F32, tensor->data, divisors.data(), pairs);
    if (std::ranges::any_of(divisors, [](float d) { return !std::isfinite(d) || d <= 0; }))
        refuse("holds a divisor that is not a number above 0");
    return divisors;
}

} // namespace

kernels::Rope ropeFromGguf(const GgufFile& file, const Hyperparameters& keys, kernels::RopePairing pairing,
                           std::uint32_t dimensions, std::uint32_t contextLength) {
    const double base = keys.positive("rope.freq_base", 10000);
    if (base <= 1) keys.refuse("rope.freq_base", "is not above 1");
    const Scaling scaling = readScaling(keys, base, dimensions, contextLength);
    const std::vector<float> divisors = readDivisors(file, dimensions / 2);
    kernels::Rope rope{pairing, {}, static_cast<float>(scaling.magnitude)};
    for (std::size_t pair = 0; pair < divisors.size(); ++pair) {
        const double frequency = std::pow(base, -2.0 * static_cast<double>(pair) / dimensions);
        rope.inverseFrequency.push_back(
            static_cast<float>(frequency * scaling.perPair[pair] / static_cast<double>(divisors[pair])));
    }
    return rope;
}

} // namespace altiplano::engine
