#include "hyperparameters.h"

#include "gguf/printable.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace altiplano::engine {

std::vector<double> Hyperparameters::numbers(const std::string& key) const {
    const GgufValue* value = find(key);
    if (!value) return {};
    if (const auto* list = std::get_if<std::shared_ptr<const GgufArray>>(value)) {
        constexpr std::size_t kMaxLayers = 10'000;
        if ((*list)->size() > kMaxLayers)
            refuse(key, "a list of " + std::to_string((*list)->size()) + " layers is not plausible");
        return *m_file.numbers(m_prefix + key);
    }
    return {*number(key)};
}

std::uint32_t Hyperparameters::count(const std::string& key) const {
    const std::vector<double> values = numbers(key);
    if (values.empty()) refuse(key, "is missing");
    const double value = values.front();
    if (std::ranges::any_of(values, [&](double other) { return other != value; }))
        refuse(key, "differs from layer to layer, which this engine does not run", ErrorCode::Unsupported);
    if (!(value >= 1 && value <= std::numeric_limits<std::int32_t>::max()) || value != std::floor(value))
        refuse(key, "is not a plausible number");
    return static_cast<std::uint32_t>(value);
}

std::uint32_t Hyperparameters::count(const std::string& key, std::uint32_t absent) const {
    return find(key) ? count(key) : absent;
}

float Hyperparameters::positive(const std::string& key) const {
    const std::optional<double> value = number(key);
    if (!value) refuse(key, "is missing");
    const auto narrow = static_cast<float>(*value);
    if (!std::isfinite(narrow) || narrow <= 0) refuse(key, "is not a number above 0");
    return narrow;
}

float Hyperparameters::positive(const std::string& key, float absent) const {
    return find(key) ? positive(key) : absent;
}

void Hyperparameters::refuse(const std::string& key, const std::string& reason, ErrorCode code) const {
    throw Error(code, onOneLine(m_file.path().string()) + ": metadata key " + inQuotes(m_prefix + key) +
                          ": " + reason);
}

} // namespace altiplano::engine
