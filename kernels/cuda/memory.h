#pragma once

#include "cuda_check.h"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace altiplano::kernels::cuda {

/// Memory of the device, owned. Elements are not initialized.
template <class T>
class DeviceArray {
public:
    DeviceArray() = default;
    explicit DeviceArray(std::size_t count) : m_count(count) {
        if (count > 0)
            check(cudaMalloc(reinterpret_cast<void**>(&m_data), count * sizeof(T)), "allocating its memory");
    }
    ~DeviceArray() { static_cast<void>(cudaFree(m_data)); }
    DeviceArray(DeviceArray&& other) noexcept
        : m_data(std::exchange(other.m_data, nullptr)), m_count(std::exchange(other.m_count, 0)) {}
    DeviceArray& operator=(DeviceArray&& other) noexcept {
        std::swap(m_data, other.m_data);
        std::swap(m_count, other.m_count);
        return *this;
    }
    T* get() const { return m_data; }
    std::size_t size() const { return m_count; }
    std::size_t bytes() const { return m_count * sizeof(T); }

private:
    T* m_data = nullptr;
    std::size_t m_count = 0;
};

/// Page-locked memory of the host that the device reads and writes at the same address.
template <class T>
class PinnedArray {
public:
    PinnedArray() = default;
    explicit PinnedArray(std::size_t count) : m_count(count) {
        if (count > 0)
            check(cudaHostAlloc(reinterpret_cast<void**>(&m_data), count * sizeof(T), cudaHostAllocMapped),
                  "allocating pinned memory");
    }
    ~PinnedArray() { static_cast<void>(cudaFreeHost(m_data)); }
    PinnedArray(PinnedArray&& other) noexcept
        : m_data(std::exchange(other.m_data, nullptr)), m_count(std::exchange(other.m_count, 0)) {}
    PinnedArray& operator=(PinnedArray&& other) noexcept {
        std::swap(m_data, other.m_data);
        std::swap(m_count, other.m_count);
        return *this;
    }
    T* get() const { return m_data; }
    std::size_t size() const { return m_count; }
    std::size_t bytes() const { return m_count * sizeof(T); }
    T& operator[](std::size_t i) const { return m_data[i]; }

private:
    T* m_data = nullptr;
    std::size_t m_count = 0;
};

class Stream {
public:
    Stream() { check(cudaStreamCreateWithFlags(&m_stream, cudaStreamNonBlocking), "creating a stream"); }
    ~Stream() { static_cast<void>(cudaStreamDestroy(m_stream)); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;
    operator cudaStream_t() const { return m_stream; }
    void wait(const char* what) const { check(cudaStreamSynchronize(m_stream), what); }

private:
    cudaStream_t m_stream = nullptr;
};

class Event {
public:
    Event() { check(cudaEventCreate(&m_event), "creating an event"); }
    ~Event() { static_cast<void>(cudaEventDestroy(m_event)); }
    Event(const Event&) = delete;
    Event& operator=(const Event&) = delete;
    operator cudaEvent_t() const { return m_event; }

private:
    cudaEvent_t m_event = nullptr;
};

} // namespace altiplano::kernels::cuda
