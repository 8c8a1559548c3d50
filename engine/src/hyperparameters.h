#pragma once

#include "engine/error.h"
#include "engine/gguf_file.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace altiplano::engine {

/// The metadata of a model's architecture: keys that start with "llama.", "qwen2.", ... Each getter checks
/// what it reads and throws Error{BadFile} with the file, the key and the reason.
class Hyperparameters {
public:
    Hyperparameters(const GgufFile& file, std::string_view architecture)
        : m_file(file), m_prefix(std::string(architecture) + ".") {}

    /// A number of things, 1 to 2^31 - 1. Where the file has a list with one number a layer, they must all be
    /// equal (else Error{Unsupported}).
    std::uint32_t count(const std::string& key) const;
    std::uint32_t count(const std::string& key, std::uint32_t absent) const;

    /// A finite number above 0.
    float positive(const std::string& key) const;
    float positive(const std::string& key, float absent) const;

    std::optional<double> number(const std::string& key) const { return m_file.number(m_prefix + key); }
    std::optional<std::string_view> string(const std::string& key) const {
        return m_file.string(m_prefix + key);
    }
    const GgufValue* find(const std::string& key) const { return m_file.find(m_prefix + key); }

    [[noreturn]] void refuse(const std::string& key, const std::string& reason,
                             ErrorCode code = ErrorCode::BadFile) const;

private:
    /// The numbers behind a key: none, one, or one a layer.
    std::vector<double> numbers(const std::string& key) const;

    const GgufFile& m_file;
    std::string m_prefix;
};

} // namespace altiplano::engine
