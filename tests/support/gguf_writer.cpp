#include "support/gguf_writer.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace altiplano::test {

GgufWriter::GgufWriter(std::uint32_t version, std::uint32_t alignment)
    : m_version(version), m_alignment(alignment) {
    if (alignment != 32) set("general.alignment", alignment);
}

GgufWriter& GgufWriter::setRaw(const std::string& key, std::vector<std::byte> typeAndValue) {
    const auto found = std::ranges::find(m_metadata, key, &Metadata::value_type::first);
    if (found != m_metadata.end())
        found->second = std::move(typeAndValue);
    else
        m_metadata.emplace_back(key, std::move(typeAndValue));
    return *this;
}

GgufWriter& GgufWriter::erase(const std::string& key) {
    std::erase_if(m_metadata, [&](const auto& entry) { return entry.first == key; });
    return *this;
}

GgufWriter& GgufWriter::addTensor(const std::string& name, kernels::QuantType type,
                                  std::vector<std::uint64_t> dimensions, std::vector<std::byte> data) {
    Tensor tensor{name, type, std::move(dimensions), std::move(data), 0};
    tensor.bytes = tensor.data.size();
    const auto found = std::ranges::find(m_tensors, name, &Tensor::name);
    if (found != m_tensors.end())
        *found = std::move(tensor);
    else
        m_tensors.push_back(std::move(tensor));
    return *this;
}

GgufWriter& GgufWriter::addHole(const std::string& name, kernels::QuantType type,
                                std::vector<std::uint64_t> dimensions) {
    std::uint64_t bytes = kernels::rowBytes(type, dimensions.front());
    for (std::size_t i = 1; i < dimensions.size(); ++i)
        bytes *= dimensions[i];
    m_tensors.push_back({name, type, std::move(dimensions), {}, bytes});
    return *this;
}

GgufWriter& GgufWriter::eraseTensor(const std::string& name) {
    std::erase_if(m_tensors, [&](const Tensor& tensor) { return tensor.name == name; });
    return *this;
}

std::vector<std::byte> GgufWriter::encode(const Metadata& metadata, std::span<const Tensor> tensors) const {
    ByteBuffer out;
    out.bytes.reserve(4096);
    out.append(std::as_bytes(std::span("GGUF", 4)));
    out.number(m_version);
    out.number<std::uint64_t>(tensors.size());
    out.number<std::uint64_t>(metadata.size());
    for (const auto& [key, value] : metadata) {
        out.string(key);
        out.append(value);
    }
    std::uint64_t offset = 0;
    for (const Tensor& tensor : tensors) {
        out.string(tensor.name);
        out.number(static_cast<std::uint32_t>(tensor.dimensions.size()));
        for (const std::uint64_t dimension : tensor.dimensions)
            out.number(dimension);
        out.number(static_cast<std::uint32_t>(tensor.type));
        out.number(offset);
        offset += (tensor.bytes + m_alignment - 1) / m_alignment * m_alignment;
    }
    for (const Tensor& tensor : tensors) {
        out.pad(m_alignment);
        out.append(tensor.data);
    }
    return std::move(out.bytes);
}

std::vector<std::byte> GgufWriter::bytes() const {
    return encode(m_metadata, m_tensors);
}

std::vector<std::vector<std::byte>> GgufWriter::parts(std::size_t tensorsPerPart) const {
    const std::size_t count =
        std::max<std::size_t>(1, (m_tensors.size() + tensorsPerPart - 1) / tensorsPerPart);
    std::vector<std::vector<std::byte>> parts;
    for (std::size_t i = 0; i < count; ++i) {
        GgufWriter part(m_version, m_alignment);
        if (i == 0) part.m_metadata = m_metadata;
        part.set("split.no", static_cast<std::uint16_t>(i));
        part.set("split.count", static_cast<std::uint16_t>(count));
        part.set("split.tensors.count", static_cast<std::int32_t>(m_tensors.size()));
        const std::size_t first = i * tensorsPerPart;
        const std::size_t size = std::min(tensorsPerPart, m_tensors.size() - first);
        parts.push_back(encode(part.m_metadata, std::span(m_tensors).subspan(first, size)));
    }
    return parts;
}

void GgufWriter::write(const std::filesystem::path& path) const {
    const std::vector<std::byte> written = bytes();
    writeBytes(path, written);
    std::uint64_t holes = 0;
    for (const Tensor& tensor : m_tensors)
        if (tensor.data.empty()) holes += (tensor.bytes + m_alignment - 1) / m_alignment * m_alignment;
    if (holes > 0) std::filesystem::resize_file(path, written.size() + holes);
}

std::vector<std::filesystem::path> GgufWriter::writeParts(const std::filesystem::path& directory,
                                                          const std::string& stem,
                                                          std::size_t tensorsPerPart) const {
    const std::vector<std::vector<std::byte>> contents = parts(tensorsPerPart);
    std::vector<std::filesystem::path> paths;
    for (std::size_t i = 0; i < contents.size(); ++i) {
        char suffix[40];
        std::snprintf(suffix, sizeof suffix, "-%05zu-of-%05zu.gguf", i + 1, contents.size());
        paths.push_back(directory / (stem + suffix));
        writeBytes(paths.back(), contents[i]);
    }
    return paths;
}

void writeBytes(const std::filesystem::path& path, std::span<const std::byte> bytes) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

} // namespace altiplano::test
