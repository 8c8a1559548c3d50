#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>

namespace altiplano::test {

/// Zeroed memory, 64-byte aligned.
class AlignedBuffer {
public:
    explicit AlignedBuffer(std::size_t bytes)
        : m_data(static_cast<std::byte*>(::operator new (bytes + 1, std::align_val_t{64}))) {
        std::memset(m_data.get(), 0, bytes + 1);
    }
    std::byte* data() const { return m_data.get(); }
    float* floats() const { return reinterpret_cast<float*>(m_data.get()); }

private:
    struct Free {
        void operator()(std::byte* p) const { ::operator delete (p, std::align_val_t{64}); }
    };
    std::unique_ptr<std::byte, Free> m_data;
};

} // namespace altiplano::test
