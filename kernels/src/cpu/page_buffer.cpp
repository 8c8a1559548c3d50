#include "cpu/page_buffer.h"

#include "cpu/topology.h"

#include "kernels/backend.h"

#include <cstdint>
#include <string>
#include <sys/mman.h>
#include <utility>

namespace altiplano::kernels {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20;

[[noreturn]] void outOfMemory(std::size_t bytes) {
    throw BackendError(BackendError::Kind::OutOfMemory,
                       "The system cannot give " + std::to_string(bytes >> 20) + " MiB of memory.");
}

} // namespace

PageBuffer::PageBuffer(std::size_t bytes) : m_bytes(bytes) {
    if (bytes == 0) return;
    const bool large = bytes >= 2 * kHugePage;
    const SystemMemory memory = systemMemory(); // the system would rather kill than refuse
    if (large && memory.available != 0 && bytes > memory.available) outOfMemory(bytes);
    m_mapped = bytes + (large ? kHugePage : 0);
    m_mapping = mmap(nullptr, m_mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (m_mapping == MAP_FAILED) outOfMemory(bytes);
    auto address = reinterpret_cast<std::uintptr_t>(m_mapping);
    if (large) address = (address + kHugePage - 1) / kHugePage * kHugePage;
    m_data = reinterpret_cast<std::byte*>(address);
    if (large) madvise(m_data, bytes / kHugePage * kHugePage, MADV_HUGEPAGE);
}

PageBuffer::~PageBuffer() {
    if (m_mapping) munmap(m_mapping, m_mapped);
}

PageBuffer::PageBuffer(PageBuffer&& other) noexcept {
    *this = std::move(other);
}

PageBuffer& PageBuffer::operator=(PageBuffer&& other) noexcept {
    std::swap(m_data, other.m_data);
    std::swap(m_bytes, other.m_bytes);
    std::swap(m_mapping, other.m_mapping);
    std::swap(m_mapped, other.m_mapped);
    return *this;
}

} // namespace altiplano::kernels
