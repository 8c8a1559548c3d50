#pragma once

#include "engine/gguf_file.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace altiplano::engine {

/// One GGUF file, or one part of a split one, read and checked. Views into its bytes.
struct GgufPart {
    std::uint32_t version = 0;
    std::vector<std::pair<std::string_view, GgufValue>> metadata;
    std::vector<GgufTensor> tensors;
};

/// Reads a part. Throws Error as GgufFile says; `file` names the file in messages. Costs memory and time in
/// proportion to metadata that is really there.
GgufPart readGguf(std::span<const std::byte> bytes, const std::string& file);

/// What a GGUF value type is called: "uint8", "string", ...; "type 99" where there is none.
std::string valueTypeName(std::uint32_t type);

/// What a tensor type is called, also one that no kernel reads: "IQ2_XXS".
std::string tensorTypeName(std::uint32_t type);

/// A metadata integer that is not negative; nullopt for any other value.
std::optional<std::uint64_t> asUnsigned(const GgufValue& value);

} // namespace altiplano::engine
