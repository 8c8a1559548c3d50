#pragma once

#include "cuda_check.h"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace altiplano::kernels::cuda {

/// Memory of the device.
struct DeviceMemory {
    static void* allocate(std::size_t bytes) {
        void* data = nullptr;
        check(cudaMalloc(&data, bytes), "allocating its memory");
        return data;
    }
    static void release(void* data) { static_cast<void>(cudaFree(data)); }
};

/// Page-locked memory of the host that the device reads and writes at the same address.
struct PinnedMemory {
    static void* allocate(std::size_t bytes) {
        void* data = nullptr;
        check(cudaHostAlloc(&data, bytes, cudaHostAllocMapped), "allocating pinned memory");
        return data;
    }
    static void release(void* data) { static_cast<void>(cudaFreeHost(data)); }
};

/// Elements in one kind of memory, owned and not initialized.
template <class T, class Memory>
class Array {
public:
    Array() = default;
    explicit Array(std::size_t count)
        : m_data(count > 0 ? static_cast<T*>(Memory::allocate(count * sizeof(T))) : nullptr), m_count(count) {
    }
    ~Array() { Memory::release(m_data); }
    Array(Array&& other) noexcept
        : m_data(std::exchange(other.m_data, nullptr)), m_count(std::exchange(other.m_count, 0)) {}
    Array& operator=(Array&& other) noexcept {
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

template <class T>
using DeviceArray = Array<T, DeviceMemory>;
template <class T>
using PinnedArray = Array<T, PinnedMemory>;

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
