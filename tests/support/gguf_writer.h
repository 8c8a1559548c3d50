#pragma once

#include "kernels/quant_type.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace altiplano::test {

/// Bytes with little-endian numbers appended.
struct ByteBuffer {
    std::vector<std::byte> bytes;

    void append(std::span<const std::byte> data) {
        for (const std::byte b : data) // GCC 12 takes an insert of the range for an overflow
            bytes.push_back(b);
    }
    void pad(std::size_t alignment) { bytes.resize((bytes.size() + alignment - 1) / alignment * alignment); }
    template <typename T>
    void number(T value) {
        append(std::as_bytes(std::span(&value, 1)));
    }
    void string(std::string_view text) {
        number<std::uint64_t>(text.size());
        append(std::as_bytes(std::span(text)));
    }
};

/// GGUF's number of the type that a C++ value is stored as. Vectors become arrays, also nested ones.
template <typename T>
constexpr std::uint32_t ggufValueType() {
    if constexpr (std::is_same_v<T, std::uint8_t>)
        return 0;
    else if constexpr (std::is_same_v<T, std::int8_t>)
        return 1;
    else if constexpr (std::is_same_v<T, std::uint16_t>)
        return 2;
    else if constexpr (std::is_same_v<T, std::int16_t>)
        return 3;
    else if constexpr (std::is_same_v<T, std::uint32_t>)
        return 4;
    else if constexpr (std::is_same_v<T, std::int32_t>)
        return 5;
    else if constexpr (std::is_same_v<T, float>)
        return 6;
    else if constexpr (std::is_same_v<T, bool>)
        return 7;
    else if constexpr (std::is_convertible_v<T, std::string_view>)
        return 8;
    else if constexpr (std::is_same_v<T, std::uint64_t>)
        return 10;
    else if constexpr (std::is_same_v<T, std::int64_t>)
        return 11;
    else if constexpr (std::is_same_v<T, double>)
        return 12;
    else {
        static_assert(std::is_same_v<T, std::vector<typename T::value_type>>);
        return 9;
    }
}

/// Appends a value as GGUF stores it, without its type.
template <typename T>
void appendGgufValue(ByteBuffer& out, const T& value) {
    if constexpr (ggufValueType<T>() == 8) {
        out.string(value);
    } else if constexpr (ggufValueType<T>() == 9) {
        out.number(ggufValueType<typename T::value_type>());
        out.number<std::uint64_t>(value.size());
        for (const typename T::value_type& element : value)
            appendGgufValue(out, element);
    } else {
        out.number(value);
    }
}

/// Writes GGUF files, whole or split: the tests' own, so that a test can make what it needs, also what no
/// sane tool would write. Metadata and tensors keep the order in which they were first set.
class GgufWriter {
public:
    explicit GgufWriter(std::uint32_t version = 3, std::uint32_t alignment = 32);

    /// Sets a key, or replaces it.
    template <typename T>
    GgufWriter& set(const std::string& key, const T& value) {
        ByteBuffer out;
        out.number(ggufValueType<T>());
        appendGgufValue(out, value);
        return setRaw(key, std::move(out.bytes));
    }

    /// Sets a key to bytes that start with the value's type.
    GgufWriter& setRaw(const std::string& key, std::vector<std::byte> typeAndValue);
    GgufWriter& erase(const std::string& key);

    /// Adds a tensor, or replaces it; `dimensions` with the contiguous one first.
    GgufWriter& addTensor(const std::string& name, kernels::QuantType type,
                          std::vector<std::uint64_t> dimensions, std::vector<std::byte> data);
    /// The same without its bytes, which are zeros in the file and take no room on the disk. Only write puts
    /// them there, and only after all tensors that have data.
    GgufWriter& addHole(const std::string& name, kernels::QuantType type,
                        std::vector<std::uint64_t> dimensions);
    GgufWriter& eraseTensor(const std::string& name);

    /// The file.
    std::vector<std::byte> bytes() const;
    /// The parts of a split file: all metadata in the first, at most `tensorsPerPart` tensors in each.
    std::vector<std::vector<std::byte>> parts(std::size_t tensorsPerPart) const;

    void write(const std::filesystem::path& path) const;
    /// Writes DIRECTORY/STEM-00001-of-0000N.gguf and so on; returns the paths.
    std::vector<std::filesystem::path> writeParts(const std::filesystem::path& directory,
                                                  const std::string& stem, std::size_t tensorsPerPart) const;

private:
    struct Tensor {
        std::string name;
        kernels::QuantType type;
        std::vector<std::uint64_t> dimensions;
        std::vector<std::byte> data; ///< empty: a hole
        std::uint64_t bytes = 0;
    };
    using Metadata = std::vector<std::pair<std::string, std::vector<std::byte>>>;
    std::vector<std::byte> encode(const Metadata& metadata, std::span<const Tensor> tensors) const;

    std::uint32_t m_version;
    std::uint32_t m_alignment;
    Metadata m_metadata;
    std::vector<Tensor> m_tensors;
};

/// Writes a file of bytes; throws std::runtime_error where it cannot.
void writeBytes(const std::filesystem::path& path, std::span<const std::byte> bytes);

} // namespace altiplano::test
