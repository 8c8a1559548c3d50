#include "gguf/mapped_file.h"

#include "engine/error.h"
#include "gguf/printable.h"

#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <functional>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace altiplano::engine {

namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& reason) {
    throw Error(ErrorCode::File, onOneLine(path.string()) + ": " + reason);
}

std::string systemReason() {
    return std::generic_category().message(errno);
}

struct Descriptor {
    int number;
    ~Descriptor() {
        if (number >= 0) ::close(number);
    }
};

} // namespace

MappedFile::MappedFile(const std::filesystem::path& path) {
    // O_NONBLOCK: opening a pipe would wait for its writer.
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (file.number < 0) refuse(path, "cannot be opened: " + systemReason());
    struct stat status {};
    if (::fstat(file.number, &status) != 0) refuse(path, "cannot be examined: " + systemReason());
    if (!S_ISREG(status.st_mode)) refuse(path, "is not a regular file");
    if (status.st_size == 0) refuse(path, "is empty");
    const auto size = static_cast<std::size_t>(status.st_size);
    void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.number, 0);
    if (address == MAP_FAILED) refuse(path, "cannot be mapped: " + systemReason());
    m_bytes = {static_cast<const std::byte*>(address), size};
}

MappedFile::~MappedFile() {
    if (!m_bytes.empty()) ::munmap(const_cast<std::byte*>(m_bytes.data()), m_bytes.size());
}

MappedFile::MappedFile(MappedFile&& other) noexcept : m_bytes(std::exchange(other.m_bytes, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(m_bytes, other.m_bytes);
    return *this;
}

bool MappedFile::release(std::span<const std::byte> bytes) const {
    const std::less_equal<const std::byte*> notAfter;
    const std::byte* const end = m_bytes.data() + m_bytes.size();
    if (!notAfter(m_bytes.data(), bytes.data()) || !notAfter(bytes.data() + bytes.size(), end)) return false;
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const auto first = static_cast<std::size_t>(bytes.data() - m_bytes.data()) / page * page;
    const auto last = static_cast<std::size_t>(bytes.data() + bytes.size() - m_bytes.data());
    ::madvise(const_cast<std::byte*>(m_bytes.data()) + first, last - first, MADV_DONTNEED);
    return true;
}

} // namespace altiplano::engine
