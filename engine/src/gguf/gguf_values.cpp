// Metadata values as the kinds that callers ask for.
#include "engine/error.h"
#include "engine/gguf_file.h"
#include "gguf/gguf_reader.h"
#include "gguf/printable.h"

#include <type_traits>

namespace altiplano::engine {

namespace {

[[noreturn]] void refuseKind(const GgufFile& file, std::string_view key, const GgufValue& value,
                             const char* wanted) {
    throw Error(ErrorCode::BadFile, onOneLine(file.path().string()) + ": metadata key " + inQuotes(key) +
                                        ": " + wanted + " is expected, not this " +
                                        valueTypeName(static_cast<std::uint32_t>(value.index())));
}

/// Looks a key up and converts its value; `convert` returns nullopt for a value of another kind.
template <typename T, typename Convert>
std::optional<T> lookUp(const GgufFile& file, std::string_view key, const char* wanted, Convert convert) {
    const GgufValue* value = file.find(key);
    if (!value) return std::nullopt;
    std::optional<T> converted = convert(*value);
    if (!converted) refuseKind(file, key, *value, wanted);
    return converted;
}

template <typename T>
std::optional<T> asExactly(const GgufValue& value) {
    const T* found = std::get_if<T>(&value);
    return found ? std::optional<T>(*found) : std::nullopt;
}

template <typename T>
constexpr bool isNumber = std::is_arithmetic_v<T> && !std::is_same_v<T, bool>;

std::optional<double> asNumber(const GgufValue& value) {
    return std::visit(
        []<typename T>(const T& held) -> std::optional<double> {
            if constexpr (isNumber<T>)
                return static_cast<double>(held);
            else
                return std::nullopt;
        },
        value);
}

const GgufArray* asArray(const GgufValue& value) {
    const auto* found = std::get_if<std::shared_ptr<const GgufArray>>(&value);
    return found ? found->get() : nullptr;
}

std::optional<std::vector<std::string_view>> asStrings(const GgufValue& value) {
    const GgufArray* array = asArray(value);
    const auto* list = array ? std::get_if<std::vector<std::string_view>>(&array->values) : nullptr;
    return list ? std::optional(*list) : std::nullopt;
}

std::optional<std::vector<double>> asNumbers(const GgufValue& value) {
    const GgufArray* array = asArray(value);
    if (!array) return std::nullopt;
    return std::visit(
        []<typename T>(const std::vector<T>& list) -> std::optional<std::vector<double>> {
            if constexpr (isNumber<T>)
                return std::vector<double>(list.begin(), list.end());
            else
                return std::nullopt;
        },
        array->values);
}

} // namespace

std::optional<std::uint64_t> asUnsigned(const GgufValue& value) {
    return std::visit(
        []<typename T>(const T& held) -> std::optional<std::uint64_t> {
            if constexpr (isNumber<T> && std::is_integral_v<T>) {
                if (std::is_signed_v<T> && held < T(0)) return std::nullopt;
                return static_cast<std::uint64_t>(held);
            } else {
                return std::nullopt;
            }
        },
        value);
}

std::optional<std::uint64_t> GgufFile::unsignedInteger(std::string_view key) const {
    return lookUp<std::uint64_t>(*this, key, "an integer, 0 or more,", asUnsigned);
}

std::optional<double> GgufFile::number(std::string_view key) const {
    return lookUp<double>(*this, key, "a number", asNumber);
}

std::optional<bool> GgufFile::boolean(std::string_view key) const {
    return lookUp<bool>(*this, key, "a bool", asExactly<bool>);
}

std::optional<std::string_view> GgufFile::string(std::string_view key) const {
    return lookUp<std::string_view>(*this, key, "a string", asExactly<std::string_view>);
}

std::optional<std::vector<std::string_view>> GgufFile::strings(std::string_view key) const {
    return lookUp<std::vector<std::string_view>>(*this, key, "an array of strings", asStrings);
}

std::optional<std::vector<double>> GgufFile::numbers(std::string_view key) const {
    return lookUp<std::vector<double>>(*this, key, "an array of numbers", asNumbers);
}

const GgufArray* GgufFile::array(std::string_view key) const {
    const auto convert = [](const GgufValue& value) {
        const GgufArray* found = asArray(value);
        return found ? std::optional(found) : std::nullopt;
    };
    return lookUp<const GgufArray*>(*this, key, "an array", convert).value_or(nullptr);
}

} // namespace altiplano::engine
