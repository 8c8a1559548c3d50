#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace altiplano::kernels {
struct TensorView;
}

namespace altiplano::engine {

struct GgufArray;

/// A metadata value; the alternative's index is GGUF's number of the value type. Strings and string arrays
/// are views into the mapped file, any bytes without a promise of UTF-8.
using GgufValue = std::variant<std::uint8_t, std::int8_t, std::uint16_t, std::int16_t, std::uint32_t,
                               std::int32_t, float, bool, std::string_view, std::shared_ptr<const GgufArray>,
                               std::uint64_t, std::int64_t, double>;

/// An array of one element type (never mixed, may be nested).
struct GgufArray {
    std::uint32_t elementType = 0; ///< GGUF's number of the value type
    std::variant<std::vector<std::uint8_t>, std::vector<std::int8_t>, std::vector<std::uint16_t>,
                 std::vector<std::int16_t>, std::vector<std::uint32_t>, std::vector<std::int32_t>,
                 std::vector<float>, std::vector<bool>, std::vector<std::string_view>,
                 std::vector<std::shared_ptr<const GgufArray>>, std::vector<std::uint64_t>,
                 std::vector<std::int64_t>, std::vector<double>>
        values;
    std::size_t size() const;
};

/// A tensor's place in the file. Dimensions (one to four, none of them 0) as GGUF stores them: the contiguous
/// one first, a multiple of the type's block length.
struct GgufTensor {
    std::string_view name;
    std::uint32_t type = 0; ///< GGUF's type number; one that kernels know (checked at opening)
    std::vector<std::uint64_t> dimensions;
    const std::byte* data = nullptr; ///< into the mapping
    std::uint64_t bytes = 0;

    std::string_view typeName() const; ///< "Q4_K"

    /// The tensor as a matrix: the first dimension is a row, all others together count rows.
    kernels::TensorView view() const;
};

/// A GGUF model file (version 2 or 3, little-endian), or all parts of a split one, mapped read-only. The
/// format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. Every size, count, offset and string is
/// checked at opening; a file that fails a check is refused with an Error{BadFile} that names the file, the
/// place and the reason; one that cannot be opened with Error{File}; a tensor type that no kernel reads with
/// Error{Unsupported}. Immutable and thread-safe afterwards. Views live as long as the object.
///
/// The mapping follows the file: whoever shortens it in place while it is open takes pages away, and reading
/// those ends the process (SIGBUS). Programs that replace a model write a new file and rename it, which is
/// safe.
class GgufFile {
public:
    /// Opens `path`; the first part of a split file ("-00001-of-0000N") brings in the others.
    static GgufFile open(const std::filesystem::path& path);

    /// Reads a file that is already in memory, of a split one only the first part (for tests and fuzzing).
    /// The memory must outlive the object; `name` stands for the path in messages.
    static GgufFile fromMemory(std::span<const std::byte> bytes, const std::string& name);

    GgufFile(GgufFile&&) noexcept;
    GgufFile& operator=(GgufFile&&) noexcept;
    ~GgufFile();

    const std::filesystem::path& path() const;
    std::uint32_t version() const;
    std::uint64_t fileBytes() const; ///< all parts

    /// Metadata in file order, and by key (null when absent).
    const std::vector<std::pair<std::string_view, GgufValue>>& metadata() const;
    const GgufValue* find(std::string_view key) const;

    /// The value of a key as the asked kind: any integer type that holds the value converts, as does float to
    /// double. Absent: nullopt. Present but of another kind: Error{BadFile}.
    std::optional<std::uint64_t> unsignedInteger(std::string_view key) const;
    std::optional<double> number(std::string_view key) const;
    std::optional<bool> boolean(std::string_view key) const;
    std::optional<std::string_view> string(std::string_view key) const;
    std::optional<std::vector<std::string_view>> strings(std::string_view key) const;
    std::optional<std::vector<double>> numbers(std::string_view key) const;
    const GgufArray* array(std::string_view key) const; ///< of any element type; null when absent

    const std::vector<GgufTensor>& tensors() const;        ///< in file order, all parts
    const GgufTensor* tensor(std::string_view name) const; ///< null when absent

    /// Tells the system that these bytes of the mapping are not needed in memory any more (they stay
    /// readable, from the disk or its cache). Whole pages are dropped, neighbours' bytes on the first and
    /// last with them.
    void release(const std::byte* data, std::uint64_t bytes) const;

private:
    struct Data;
    explicit GgufFile(std::unique_ptr<Data> data);
    std::unique_ptr<Data> m_data;
};

} // namespace altiplano::engine
