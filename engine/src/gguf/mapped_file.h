#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace altiplano::engine {

/// A whole file in memory, read-only. Move-only; thread-safe.
class MappedFile {
public:
    /// Error{File} where it cannot be opened, is no regular file or is empty.
    explicit MappedFile(const std::filesystem::path& path);
    ~MappedFile();
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;

    std::span<const std::byte> bytes() const { return m_bytes; }

    /// Drops the pages that hold these bytes from memory; false when they are not of this file.
    bool release(std::span<const std::byte> bytes) const;

private:
    std::span<const std::byte> m_bytes;
};

} // namespace altiplano::engine
