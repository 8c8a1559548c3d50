#include "gguf/gguf_reader.h"

#include "engine/error.h"
#include "gguf/printable.h"
#include "kernels/quant_type.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <set>
#include <type_traits>

namespace altiplano::engine {

namespace {

// Far above any real file, so that a made-up one cannot cost more than a moment.
constexpr std::uint64_t kMaxHeaderBytes = 128u << 20;
constexpr std::uint64_t kMaxEntries = 1u << 17;
constexpr std::uint64_t kMaxNestedArrays = 1u << 16;
constexpr int kMaxArrayDepth = 4;
constexpr std::uint32_t kMaxDimensions = 4;

using ArrayPointer = std::shared_ptr<const GgufArray>;

/// The fewest bytes that a value of this type takes in a file.
template <typename T>
constexpr std::uint64_t minimumBytes() {
    if constexpr (std::is_same_v<T, std::string_view>)
        return 8;
    else if constexpr (std::is_same_v<T, ArrayPointer>)
        return 12;
    else
        return sizeof(T);
}

/// Reads from the front to the back, believing nothing.
class Reader {
public:
    Reader(std::span<const std::byte> bytes, const std::string& file) : m_bytes(bytes), m_file(file) {}

    GgufPart read() {
        GgufPart part;
        checkMagic();
        part.version = readVersion();
        const std::uint64_t tensorCount = readCount("tensor count", 8 + 4 + 8 + 4 + 8);
        const std::uint64_t metadataCount = readCount("metadata count", 8 + 4 + 1);
        readMetadata(part, metadataCount);
        readTensorInfos(part, tensorCount);
        if (tensorCount > 0) placeTensors(part);
        return part;
    }

private:
    [[noreturn]] void refuse(const std::string& reason, ErrorCode code = ErrorCode::BadFile) const {
        throw Error(code, m_file + ": " + m_place + " at byte " + std::to_string(m_at) + ": " + reason);
    }

    void need(std::uint64_t count) const {
        const std::uint64_t end = std::min<std::uint64_t>(m_bytes.size(), kMaxHeaderBytes);
        if (count <= end - m_at) return;
        if (end < m_bytes.size()) refuse("metadata of more than 128 MiB is not plausible");
        refuse(std::to_string(count) + " bytes are needed here, but the file ends after " +
               std::to_string(end - m_at) + "; it may be an incomplete download");
    }

    template <typename T>
    T readNumber() {
        need(sizeof(T));
        T value;
        std::memcpy(&value, m_bytes.data() + m_at, sizeof(T));
        m_at += sizeof(T);
        return value;
    }

    std::string_view readString() {
        const auto length = readNumber<std::uint64_t>();
        need(length);
        const std::string_view text(reinterpret_cast<const char*>(m_bytes.data()) + m_at, length);
        m_at += length;
        return text;
    }

    template <typename T>
    T readValue() {
        if constexpr (std::is_same_v<T, std::string_view>) {
            return readString();
        } else if constexpr (std::is_same_v<T, ArrayPointer>) {
            return readArray();
        } else if constexpr (std::is_same_v<T, bool>) {
            const auto byte = readNumber<std::uint8_t>();
            if (byte > 1) refuse("a bool is 0 or 1, not " + std::to_string(byte));
            return byte == 1;
        } else {
            return readNumber<T>();
        }
    }

    /// Calls read(index constant) with the value type's number, where there is such a type.
    template <typename Read>
    void dispatch(std::uint32_t type, Read read) {
        [&]<std::size_t... i>(std::index_sequence<i...>) {
            if (!((type == i && (read(std::integral_constant<std::size_t, i>()), true)) || ...))
                refuse("there is no value type " + std::to_string(type));
        }
        (std::make_index_sequence<std::variant_size_v<GgufValue>>());
    }

    ArrayPointer readArray() {
        if (++m_arrayDepth > kMaxArrayDepth) refuse("arrays are nested too deeply");
        if (++m_arrays > kMaxEntries + kMaxNestedArrays) refuse("there are too many nested arrays");
        auto array = std::make_shared<GgufArray>();
        array->elementType = readNumber<std::uint32_t>();
        const auto count = readNumber<std::uint64_t>();
        dispatch(array->elementType, [&](auto index) {
            using Element = std::variant_alternative_t<index, GgufValue>;
            if (count > (m_bytes.size() - m_at) / minimumBytes<Element>())
                refuse("an array of " + std::to_string(count) + " elements of " +
                       valueTypeName(array->elementType) + " does not fit in the file");
            need(count * minimumBytes<Element>());
            auto& values = array->values.template emplace<index>();
            values.reserve(count);
            for (std::uint64_t i = 0; i < count; ++i)
                values.push_back(readValue<Element>());
        });
        --m_arrayDepth;
        return array;
    }

    void checkMagic() {
        m_place = "magic number";
        const auto startsWith = [&](std::string_view text) {
            return m_bytes.size() >= text.size() &&
                   std::memcmp(m_bytes.data(), text.data(), text.size()) == 0;
        };
        for (const std::string_view old : {"lmgg", "fmgg", "tjgg", "algg"})
            if (startsWith(old)) refuse("an old GGML file, from before GGUF; convert the model again");
        if (startsWith("FUGG")) refuse("a big-endian GGUF file; this engine reads little-endian ones");
        if (startsWith("version https://git-lfs"))
            refuse("a Git LFS pointer, not the model itself; fetch the file with git lfs pull");
        if (m_bytes.size() < 4 || !startsWith("GGUF")) refuse("not a GGUF file");
        m_at = 4;
    }

    std::uint32_t readVersion() {
        m_place = "version";
        const auto version = readNumber<std::uint32_t>();
        if (version == 2 || version == 3) return version;
        if (version == 1) refuse("GGUF version 1 is not read; convert the model again to version 2 or 3");
        if (version != 0 && (version & 0xffff) == 0)
            refuse("a big-endian GGUF file; this engine reads little-endian ones");
        refuse("GGUF version " + std::to_string(version) + " is not known; versions 2 and 3 are");
    }

    std::uint64_t readCount(const char* place, std::uint64_t entryBytes) {
        m_place = place;
        const auto count = readNumber<std::uint64_t>();
        if (count > kMaxEntries || count > m_bytes.size() / entryBytes)
            refuse(std::to_string(count) + " entries are more than this file can hold");
        return count;
    }

    void readMetadata(GgufPart& part, std::uint64_t count) {
        std::set<std::string_view> keys; // no hash table: names made to collide would take minutes
        part.metadata.reserve(count);
        for (std::uint64_t i = 0; i < count; ++i) {
            m_place = "metadata key " + std::to_string(i + 1) + " of " + std::to_string(count);
            const std::string_view key = readString();
            if (key.empty()) refuse("the key is empty");
            m_place = "metadata key " + inQuotes(key);
            if (!keys.insert(key).second) refuse("the key is there twice");
            const auto type = readNumber<std::uint32_t>();
            dispatch(type, [&](auto index) {
                using Value = std::variant_alternative_t<index, GgufValue>;
                GgufValue value(std::in_place_index<index>, readValue<Value>());
                part.metadata.emplace_back(key, std::move(value));
            });
            if (key == "general.alignment") readAlignment(part.metadata.back().second);
        }
    }

    void readAlignment(const GgufValue& value) {
        const std::optional<std::uint64_t> alignment = asUnsigned(value);
        if (!alignment || !std::has_single_bit(*alignment) || *alignment > 1u << 30)
            refuse("the alignment must be a power of two");
        m_alignment = *alignment;
    }

    void readTensorInfos(GgufPart& part, std::uint64_t count) {
        std::set<std::string_view> names;
        part.tensors.reserve(count);
        m_offsets.reserve(count);
        for (std::uint64_t i = 0; i < count; ++i) {
            m_place = "tensor " + std::to_string(i + 1) + " of " + std::to_string(count);
            GgufTensor& tensor = part.tensors.emplace_back();
            tensor.name = readString();
            if (tensor.name.empty()) refuse("its name is empty");
            m_place = "tensor " + inQuotes(tensor.name);
            if (!names.insert(tensor.name).second) refuse("there are two tensors of this name");
            readShape(tensor);
            m_offsets.push_back(readNumber<std::uint64_t>());
        }
    }

    void readShape(GgufTensor& tensor) {
        const auto dimensions = readNumber<std::uint32_t>();
        if (dimensions < 1 || dimensions > kMaxDimensions)
            refuse("it has " + std::to_string(dimensions) + " dimensions; one to four are possible");
        std::uint64_t weights = 1;
        for (std::uint32_t i = 0; i < dimensions; ++i) {
            const auto size = readNumber<std::uint64_t>();
            tensor.dimensions.push_back(size);
            if (size == 0) refuse("a dimension is 0");
            if (__builtin_mul_overflow(weights, size, &weights)) refuse("its size overflows");
        }
        tensor.type = readNumber<std::uint32_t>();
        const kernels::QuantTraits* traits = kernels::findQuantTraits(tensor.type);
        if (!traits)
            refuse("its type, " + tensorTypeName(tensor.type) +
                       ", is not one that this engine reads; another quantization of the model may be",
                   ErrorCode::Unsupported);
        if (tensor.dimensions[0] % traits->blockLength != 0)
            refuse("rows of " + std::to_string(tensor.dimensions[0]) + " weights are no whole blocks of " +
                   std::string(traits->name));
        if (__builtin_mul_overflow(weights / traits->blockLength, traits->blockBytes, &tensor.bytes))
            refuse("its size overflows");
    }

    /// Tensors lie in the data section, aligned, whole and apart from each other.
    void placeTensors(GgufPart& part) {
        const std::uint64_t start = (m_at + m_alignment - 1) / m_alignment * m_alignment;
        const std::uint64_t size = start < m_bytes.size() ? m_bytes.size() - start : 0;
        for (std::size_t i = 0; i < part.tensors.size(); ++i) {
            GgufTensor& tensor = part.tensors[i];
            const std::uint64_t offset = m_offsets[i];
            m_place = "data of tensor " + inQuotes(tensor.name);
            m_at = start; // for messages; never beyond 128 MiB and an alignment
            if (offset % m_alignment != 0)
                refuse("its offset " + std::to_string(offset) + " is not aligned to " +
                       std::to_string(m_alignment) + " bytes");
            if (tensor.bytes > size || offset > size - tensor.bytes)
                refuse(std::to_string(tensor.bytes) + " bytes at offset " + std::to_string(offset) +
                       " reach beyond the file's end; it may be an incomplete download");
            tensor.data = m_bytes.data() + start + offset;
        }
        std::vector<const GgufTensor*> inOrder(part.tensors.size());
        std::ranges::transform(part.tensors, inOrder.begin(), [](const GgufTensor& t) { return &t; });
        std::ranges::sort(inOrder, {}, &GgufTensor::data);
        for (std::size_t i = 1; i < inOrder.size(); ++i) {
            m_place = "data of tensor " + inQuotes(inOrder[i]->name);
            if (inOrder[i - 1]->data + inOrder[i - 1]->bytes > inOrder[i]->data)
                refuse("it overlaps tensor " + inQuotes(inOrder[i - 1]->name));
        }
    }

    std::span<const std::byte> m_bytes;
    const std::string& m_file;
    std::string m_place; ///< what is being read, for messages
    std::uint64_t m_at = 0;
    std::uint64_t m_alignment = 32;
    std::uint64_t m_arrays = 0;
    int m_arrayDepth = 0;
    std::vector<std::uint64_t> m_offsets;
};

} // namespace

GgufPart readGguf(std::span<const std::byte> bytes, const std::string& file) {
    return Reader(bytes, file).read();
}

} // namespace altiplano::engine
