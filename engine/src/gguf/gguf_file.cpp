#include "engine/gguf_file.h"

#include "engine/error.h"
#include "gguf/gguf_reader.h"
#include "gguf/mapped_file.h"
#include "gguf/printable.h"
#include "gguf/split_name.h"

#include <map>

namespace altiplano::engine {

struct GgufFile::Data {
    std::filesystem::path path;
    std::uint64_t fileBytes = 0;
    std::vector<MappedFile> mappings; ///< one a part; none for a file from memory
    GgufPart part;                    ///< the first, with the tensors of all
    std::map<std::string_view, const GgufValue*> values;
    std::map<std::string_view, const GgufTensor*> tensors;

    std::string name() const { return onOneLine(path.string()); }

    [[noreturn]] void refuse(const std::string& reason, ErrorCode code = ErrorCode::BadFile) const {
        throw Error(code, name() + ": " + reason);
    }

    /// Fills the look-up tables; part must not change afterwards.
    void index() {
        for (const auto& [key, value] : part.metadata)
            values.emplace(key, &value);
        for (const GgufTensor& tensor : part.tensors)
            if (!tensors.emplace(tensor.name, &tensor).second)
                refuse("tensor " + inQuotes(tensor.name) + " is in two parts of the file");
    }
};

namespace {

std::optional<std::uint64_t> findUnsigned(const GgufPart& part, std::string_view key) {
    for (const auto& [name, value] : part.metadata)
        if (name == key) return asUnsigned(value);
    return std::nullopt;
}

/// Where a part says it belongs. A file that is not split is part 0 of 1.
struct SplitPlace {
    std::uint64_t number, count;
};
SplitPlace splitPlace(const GgufPart& part) {
    return {findUnsigned(part, "split.no").value_or(0), findUnsigned(part, "split.count").value_or(1)};
}

} // namespace

std::size_t GgufArray::size() const {
    return std::visit([](const auto& list) { return list.size(); }, values);
}

GgufFile GgufFile::open(const std::filesystem::path& path) {
    auto data = std::make_unique<Data>();
    data->path = path;
    data->fileBytes = data->mappings.emplace_back(path).bytes().size();
    data->part = readGguf(data->mappings.front().bytes(), data->name());

    const auto [number, count] = splitPlace(data->part);
    if (count <= 1) {
        data->index();
        return GgufFile(std::move(data));
    }
    const std::string part = "part " + std::to_string(number + 1) + " of " + std::to_string(count);
    const std::optional<SplitName> name = SplitName::parse(path);
    if (!name || name->count != count || name->number != number + 1)
        data->refuse("this is " + part + " of a split model, but the name does not say so (NAME-00001-of-" +
                     SplitName::digits(count) + ".gguf): rename it");
    if (number != 0) data->refuse("this is " + part + " of a split model; open the first part");
    for (std::uint64_t i = 1; i < count; ++i) {
        const std::filesystem::path next = name->part(i + 1);
        const MappedFile& mapping = data->mappings.emplace_back(next);
        data->fileBytes += mapping.bytes().size();
        GgufPart more = readGguf(mapping.bytes(), onOneLine(next.string()));
        const SplitPlace place = splitPlace(more);
        if (place.number != i || place.count != count)
            data->refuse(onOneLine(next.string()) + " is not part " + std::to_string(i + 1) +
                         " of the same model");
        data->part.tensors.insert(data->part.tensors.end(), std::make_move_iterator(more.tensors.begin()),
                                  std::make_move_iterator(more.tensors.end()));
    }
    const std::optional<std::uint64_t> total = findUnsigned(data->part, "split.tensors.count");
    if (total && *total != data->part.tensors.size())
        data->refuse("metadata key 'split.tensors.count': the parts hold " +
                     std::to_string(data->part.tensors.size()) + " tensors, not " + std::to_string(*total));
    data->index();
    return GgufFile(std::move(data));
}

GgufFile GgufFile::fromMemory(std::span<const std::byte> bytes, const std::string& name) {
    auto data = std::make_unique<Data>();
    data->path = name;
    data->fileBytes = bytes.size();
    data->part = readGguf(bytes, data->name());
    data->index();
    return GgufFile(std::move(data));
}

GgufFile::GgufFile(std::unique_ptr<Data> data) : m_data(std::move(data)) {}
GgufFile::GgufFile(GgufFile&&) noexcept = default;
GgufFile& GgufFile::operator=(GgufFile&&) noexcept = default;
GgufFile::~GgufFile() = default;

const std::filesystem::path& GgufFile::path() const {
    return m_data->path;
}
std::uint32_t GgufFile::version() const {
    return m_data->part.version;
}
std::uint64_t GgufFile::fileBytes() const {
    return m_data->fileBytes;
}

const std::vector<std::pair<std::string_view, GgufValue>>& GgufFile::metadata() const {
    return m_data->part.metadata;
}

const GgufValue* GgufFile::find(std::string_view key) const {
    const auto found = m_data->values.find(key);
    return found == m_data->values.end() ? nullptr : found->second;
}

const std::vector<GgufTensor>& GgufFile::tensors() const {
    return m_data->part.tensors;
}

const GgufTensor* GgufFile::tensor(std::string_view name) const {
    const auto found = m_data->tensors.find(name);
    return found == m_data->tensors.end() ? nullptr : found->second;
}

void GgufFile::release(const std::byte* data, std::uint64_t bytes) const {
    for (const MappedFile& mapping : m_data->mappings)
        if (mapping.release({data, bytes})) return;
}

} // namespace altiplano::engine
