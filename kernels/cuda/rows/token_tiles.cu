#include "rows/token_tiles.h"

#include "cuda_check.h"
#include "decode/launch.h"
#include "decode/ptx.cuh"
#include "type_dispatch.cuh"
#include "warp.cuh"

namespace altiplano::kernels::cuda {

namespace {

constexpr std::uint32_t kThreads = 256;
constexpr float kLargestHalf = 65504.0f;

/// Eight halves: every `Step`-th of sixteen floats from `first`.
template <int Step>
__device__ __forceinline__ uint4 eightHalves(const float (&x)[16], int first) {
    __half2 h[4];
#pragma unroll
    for (int i = 0; i < 4; ++i)
        h[i] = __floats2half2_rn(x[first + 2 * i * Step], x[first + (2 * i + 1) * Step]);
    return *reinterpret_cast<const uint4*>(h);
}

/// x[column] and on, with zeros past the last column.
__device__ __forceinline__ void loadSixteen(const float* x, std::uint32_t column, std::uint32_t columns,
                                            float (&v)[16]) {
    if (columns % 16 == 0 && column < columns) {
#pragma unroll
        for (int i = 0; i < 4; ++i)
            *reinterpret_cast<float4*>(v + 4 * i) = reinterpret_cast<const float4*>(x + column)[i];
        return;
    }
#pragma unroll
    for (std::uint32_t i = 0; i < 16; ++i)
        v[i] = column + i < columns ? x[column + i] : 0.0f;
}

/// A block per token, sixteen columns per thread at a time.
__global__ void __launch_bounds__(kThreads) tilesKernel(TokenRows rows, TokenTiles tiles, float* scales) {
    __shared__ float scratch[32];
    letNextKernelStart();
    waitForPreviousKernel();
    const std::uint32_t token = blockIdx.x, columns = rows.columns;
    const std::uint32_t row = rows.indices ? rows.indices[token] : token;
    const float* x = rows.data + std::size_t{row} * columns;
    const auto load = [&](std::uint32_t column, float(&v)[16], float& squares) {
        loadSixteen(x, column, columns, v);
#pragma unroll
        for (std::uint32_t i = 0; i < 16; ++i)
            squares += v[i] * v[i];
        if (!rows.normWeight) return;
        float weight[16];
        loadSixteen(rows.normWeight, column, columns, weight);
#pragma unroll
        for (std::uint32_t i = 0; i < 16; ++i)
            v[i] *= weight[i];
    };
    float squares = 0, largest = 0, v[16];
    for (std::uint32_t c = threadIdx.x * 16; c < columns; c += kThreads * 16) {
        load(c, v, squares);
#pragma unroll
        for (int i = 0; i < 16; ++i)
            largest = fmaxf(largest, fabsf(v[i]));
    }
    float factor = 1;
    if (rows.normWeight)
        factor = rsqrtf(blockSum(squares, scratch) / static_cast<float>(columns) + rows.epsilon);
    largest = blockMax(largest, scratch) * factor;
    constexpr float kRange = 16384.0f;
    const float scale = largest > kRange ? exp2f(ceilf(log2f(largest / kRange))) : 1.0f;
    factor /= scale;
    if (threadIdx.x == 0) scales[token] = scale;
    __half* out = tiles.data + std::size_t{token} * tiles.stride;
    for (std::uint32_t c = threadIdx.x * 16; c < paddedColumns(columns); c += kThreads * 16) {
        if (columns > kThreads * 16 || c >= columns) load(c, v, squares); // else they are still here
#pragma unroll
        for (int i = 0; i < 16; ++i)
            v[i] *= factor;
        auto* first = reinterpret_cast<uint4*>(out + c);
        auto* second = first + 1;
        const bool natural = tiles.order == ColumnOrder::Natural;
        *first = natural ? eightHalves<1>(v, 0) : eightHalves<2>(v, 0);
        *second = natural ? eightHalves<1>(v, 8) : eightHalves<2>(v, 1);
    }
}

/// A thread per row and 32 columns: two quarters of a unit, two pieces of 8 each.
template <class S>
__global__ void unpackKernel(Matrix from, std::uint32_t first, Matrix to) {
    const std::uint32_t blocks = to.units() * 2;
    const std::uint64_t i = blockIdx.x * std::uint64_t{blockDim.x} + threadIdx.x;
    const auto row = static_cast<std::uint32_t>(i / blocks), block = static_cast<std::uint32_t>(i % blocks);
    if (row >= to.groups() * kGroupRows) return;
    float values[32] = {};
    if (row < to.rows && block * 32 < from.columns) S::decode32(from, first + row, block, values);
    auto* unit = const_cast<std::uint8_t*>(to.data) + row / kGroupRows * to.groupBytes() +
                 std::size_t{block / 2} * packedTraits(QuantType::F16).unitBytes;
#pragma unroll
    for (std::uint32_t piece = 0; piece < 4; ++piece) {
        float v[16] = {};
#pragma unroll
        for (std::uint32_t j = 0; j < 8; ++j)
            v[j] = fminf(fmaxf(values[piece * 8 + j], -kLargestHalf), kLargestHalf);
        const std::uint32_t lane = (block % 2 * 2 + piece / 2) * 8 + row % kGroupRows;
        *reinterpret_cast<uint4*>(unit + piece % 2 * 512 + lane * 16) = eightHalves<1>(v, 0);
    }
}

} // namespace

void toTokenTiles(const TokenRows& rows, const TokenTiles& tiles, float* scales, cudaStream_t stream) {
    launchDependent(tilesKernel, rows.count, kThreads, 0, 1, stream, rows, tiles, scales);
}

Matrix unpackToHalf(const Matrix& weight, std::uint32_t first, std::uint32_t count, std::uint8_t* out,
                    cudaStream_t stream) {
    Matrix half;
    half.data = out;
    half.type = QuantType::F16;
    half.packed = true;
    half.rows = count;
    half.columns = weight.columns;
    half.bias = weight.bias ? weight.bias + first : nullptr;
    const std::uint64_t pieces = std::uint64_t{half.groups()} * kGroupRows * half.units() * 2;
    dispatchStorage(weight, [&](auto storage) {
        unpackKernel<decltype(storage)>
            <<<static_cast<std::uint32_t>((pieces + 127) / 128), 128, 0, stream>>>(weight, first, half);
    });
    check(cudaGetLastError(), "unpacking weights");
    return half;
}

} // namespace altiplano::kernels::cuda
