#include "uploader.h"

#include "repack.h"

#include <algorithm>
#include <cstring>

namespace altiplano::kernels::cuda {

namespace {

constexpr std::uint64_t kAlignment = 256;

std::uint64_t aligned(std::uint64_t bytes) {
    return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

} // namespace

struct Uploader::Buffer {
    PinnedArray<std::uint8_t> host{kStagingBytes};
    DeviceArray<std::uint8_t> device{kStagingBytes};
    std::unique_ptr<Event> free = std::make_unique<Event>();
};

Uploader::Uploader(std::uint64_t weightBytes, const UploadObserver& observer)
    : m_observer(observer), m_memory(weightBytes), m_buffers(2) {
    check(cudaMemsetAsync(m_memory.get(), 0, m_memory.bytes(), m_stream), "clearing memory");
}

Uploader::~Uploader() {
    static_cast<void>(cudaStreamSynchronize(m_stream));
}

std::uint64_t Uploader::bytesFor(const TensorView& tensor, bool padded) {
    const PackedTraits traits = packedTraits(tensor.type);
    const auto rows = static_cast<std::uint32_t>(tensor.rows),
               columns = static_cast<std::uint32_t>(tensor.columns);
    if (!padded || traits.unitColumns == 0) return aligned(tensor.bytes());
    return aligned(std::uint64_t{divideUp(rows, kGroupRows)} * divideUp(columns, traits.unitColumns) *
                   traits.unitBytes);
}

std::uint8_t* Uploader::take(std::uint64_t bytes) {
    std::uint8_t* memory = m_memory.get() + m_used;
    m_used += aligned(bytes);
    if (m_used > m_memory.bytes())
        throw BackendError(BackendError::Kind::Device, "The GPU's weight memory was sized wrongly.");
    return memory;
}

Matrix Uploader::shape(const TensorView& tensor, std::uint32_t rows) const {
    Matrix m;
    m.type = tensor.type;
    m.packed = packedTraits(tensor.type).unitColumns != 0;
    m.rows = rows;
    m.columns = static_cast<std::uint32_t>(tensor.columns);
    m.rowStride = rowBytes(tensor.type, tensor.columns);
    return m;
}

Matrix Uploader::matrix(const Linear& linear, const RowOrder& order) {
    const TensorView& tensor = linear.weight;
    const bool plain = order.headDim == 0;
    if (const auto known = m_plain.find(tensor.data); plain && known != m_plain.end() && linear.bias.empty())
        return known->second;
    Matrix m = shape(tensor, static_cast<std::uint32_t>(tensor.rows));
    if (m.packed) m.order = order;
    m.data = take(m.packed ? m.groups() * m.groupBytes() : tensor.bytes());
    copy(tensor, m, m.order);
    if (plain) m_plain[tensor.data] = m;
    if (!linear.bias.empty()) m.bias = floats(linear.bias);
    report(tensor);
    return m;
}

Matrix Uploader::interleaved(const Linear& gate, const Linear& up) {
    Matrix m = shape(gate.weight, static_cast<std::uint32_t>(2 * gate.weight.rows));
    m.data = take(m.groups() * m.groupBytes());
    for (std::uint32_t i = 0; i < 2; ++i) {
        RowOrder order;
        order.stride = 2;
        order.offset = i;
        copy(i == 0 ? gate.weight : up.weight, m, order);
        report(i == 0 ? gate.weight : up.weight);
    }
    if (!gate.bias.empty() || !up.bias.empty()) {
        std::vector<float> bias(m.rows);
        for (std::uint32_t i = 0; i < m.rows; ++i) {
            const TensorView& from = i % 2 == 0 ? gate.bias : up.bias;
            if (!from.empty()) std::memcpy(&bias[i], from.data + i / 2 * sizeof(float), sizeof(float));
        }
        m.bias = floats(bias);
    }
    return m;
}

const float* Uploader::floats(std::span<const float> values) {
    auto* memory = reinterpret_cast<float*>(take(values.size_bytes()));
    check(cudaMemcpyAsync(memory, values.data(), values.size_bytes(), cudaMemcpyDefault, m_stream),
          "copying weights");
    m_stream.wait("copying weights");
    return memory;
}

const float* Uploader::floats(const TensorView& vector) {
    std::vector<float> values(static_cast<std::size_t>(vector.rows * vector.columns));
    dequantize(vector.type, vector.data, values.data(), values.size());
    return floats(values);
}

void Uploader::copy(const TensorView& tensor, const Matrix& matrix, const RowOrder& order) {
    const std::uint64_t stride = rowBytes(tensor.type, tensor.columns);
    const auto rows = static_cast<std::uint32_t>(tensor.rows);
    const auto rowsAtOnce = static_cast<std::uint32_t>(std::max<std::uint64_t>(kStagingBytes / stride, 1));
    if (stride > kStagingBytes)
        throw BackendError(BackendError::Kind::Unsupported, "A tensor's rows are too long for the GPU.");
    for (std::uint32_t row = 0; row < rows; row += rowsAtOnce) {
        if (m_stopped || m_observer.stop.stop_requested()) {
            m_stopped = true;
            return;
        }
        Buffer& buffer = m_buffers[m_next++ % m_buffers.size()];
        const std::uint32_t count = std::min(rowsAtOnce, rows - row);
        check(cudaEventSynchronize(*buffer.free), "copying weights");
        std::memcpy(buffer.host.get(), tensor.data + row * stride, count * stride);
        std::uint8_t* to =
            matrix.packed ? buffer.device.get() : const_cast<std::uint8_t*>(matrix.data) + row * stride;
        check(cudaMemcpyAsync(to, buffer.host.get(), count * stride, cudaMemcpyHostToDevice, m_stream),
              "copying weights");
        if (matrix.packed) repack(matrix, order, to, stride, row, count, m_stream);
        check(cudaEventRecord(*buffer.free, m_stream), "copying weights");
    }
}

void Uploader::report(const TensorView& tensor) {
    m_done += tensor.bytes();
    if (m_observer.onTensor && !m_stopped) m_observer.onTensor(tensor, false, m_done);
}

std::optional<DeviceArray<std::uint8_t>> Uploader::finish() {
    m_stream.wait("copying weights");
    if (m_stopped) return std::nullopt;
    return std::move(m_memory);
}

} // namespace altiplano::kernels::cuda
