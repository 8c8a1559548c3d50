#pragma once

#include "device_plan.h"
#include "memory.h"

#include "kernels/backend.h"

#include <map>
#include <optional>

namespace altiplano::kernels::cuda {

/// Copies tensors to the device through two pinned buffers, packing them there: while one buffer is on its
/// way, the other is filled. A tensor named twice is held once.
class Uploader {
public:
    Uploader(std::uint64_t weightBytes, const UploadObserver& observer);
    ~Uploader();

    Matrix matrix(const Linear& linear, const RowOrder& order = {});

    /// Gate and up in one matrix, rows interleaved; only for equal types that pack.
    Matrix interleaved(const Linear& gate, const Linear& up);

    const float* floats(std::span<const float> values);
    const float* floats(const TensorView& vector);

    /// Waits for the copies and hands the memory over; empty when the observer asked to stop.
    std::optional<DeviceArray<std::uint8_t>> finish();

    /// At least what matrices of a plan take, for the constructor.
    static std::uint64_t bytesFor(const TensorView& tensor, bool padded);

private:
    struct Buffer;
    static constexpr std::size_t kStagingBytes = 32u << 20;

    std::uint8_t* take(std::uint64_t bytes);
    Matrix shape(const TensorView& tensor, std::uint32_t rows) const;
    void copy(const TensorView& tensor, const Matrix& matrix, const RowOrder& order);
    void report(const TensorView& tensor);

    const UploadObserver& m_observer;
    Stream m_stream;
    DeviceArray<std::uint8_t> m_memory;
    std::uint64_t m_used = 0, m_done = 0;
    std::vector<Buffer> m_buffers;
    std::size_t m_next = 0;
    std::map<const std::byte*, Matrix> m_plain;
    bool m_stopped = false;
};

} // namespace altiplano::kernels::cuda
