#include "read_roof.h"

#include "memory.h"

#include <algorithm>

namespace altiplano::kernels::cuda {

namespace {

constexpr std::size_t kMostBytes = std::size_t{4} << 30;
constexpr int kRuns = 8;

__global__ void __launch_bounds__(512) readKernel(const uint4* data, std::size_t count, unsigned* out) {
    const std::size_t stride = std::size_t{gridDim.x} * blockDim.x;
    unsigned sum = 0;
    for (std::size_t i = std::size_t{blockIdx.x} * blockDim.x + threadIdx.x; i + 3 * stride < count;
         i += 4 * stride) {
        const uint4 a = __ldcs(data + i), b = __ldcs(data + i + stride), c = __ldcs(data + i + 2 * stride),
                    d = __ldcs(data + i + 3 * stride);
        sum ^= a.x ^ a.y ^ a.z ^ a.w ^ b.x ^ b.y ^ b.z ^ b.w ^ c.x ^ c.y ^ c.z ^ c.w ^ d.x ^ d.y ^ d.z ^ d.w;
    }
    if (sum == 0x12345678u) *out = sum; // keeps the loads
}

} // namespace

double measureReadRoof() {
    std::size_t free = 0, total = 0;
    check(cudaMemGetInfo(&free, &total), "reading the GPU's memory");
    const std::size_t bytes = std::min(kMostBytes, free / 4) / 4096 * 4096;
    if (bytes < (std::size_t{64} << 20)) return 0;
    int multiprocessors = 0, device = 0;
    check(cudaGetDevice(&device), "choosing the GPU");
    check(cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, device),
          "reading the GPU's properties");
    const DeviceArray<std::uint8_t> data(bytes);
    const DeviceArray<unsigned> out(1);
    const Stream stream;
    const Event begin, end;
    check(cudaMemsetAsync(data.get(), 0x5a, bytes, stream), "measuring memory");
    float best = 0;
    for (int run = 0; run < kRuns; ++run) {
        check(cudaEventRecord(begin, stream), "measuring memory");
        readKernel<<<multiprocessors * 8, 512, 0, stream>>>(reinterpret_cast<const uint4*>(data.get()),
                                                            bytes / 16, out.get());
        check(cudaEventRecord(end, stream), "measuring memory");
        stream.wait("measuring memory");
        float ms = 0;
        check(cudaEventElapsedTime(&ms, begin, end), "measuring memory");
        if (run > 0) best = best == 0 ? ms : std::min(best, ms);
    }
    return static_cast<double>(bytes) / (static_cast<double>(best) * 1e-3);
}

} // namespace altiplano::kernels::cuda
