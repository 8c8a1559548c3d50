#include "rows/tensor_maps.h"

#include "cuda_check.h"

#include <cuda_runtime_api.h>

namespace altiplano::kernels::cuda {

namespace {

/// The driver's own function: the runtime has none for it, and nothing here links with the driver.
auto encoder() {
    void* found = nullptr;
    cudaDriverEntryPointQueryResult result{};
    check(
        cudaGetDriverEntryPointByVersion("cuTensorMapEncodeTiled", &found, 12000, cudaEnableDefault, &result),
        "asking the driver for tensor maps");
    if (result != cudaDriverEntryPointSuccess)
        throw BackendError(BackendError::Kind::Device, "The NVIDIA driver knows no tensor maps.");
    return reinterpret_cast<decltype(&cuTensorMapEncodeTiled)>(found);
}

[[noreturn]] void refused(CUresult result) {
    throw BackendError(BackendError::Kind::Device,
                       "The NVIDIA driver refused a tensor map (error " + std::to_string(result) + ").");
}

/// Half floats: `rows` of `columns`, copied as [64 columns][row][column] with the 16-byte pieces swizzled.
CUtensorMap halfMap(void* data, std::uint64_t rows, std::uint64_t columns, std::uint64_t strideBytes,
                    std::uint32_t boxRows, std::uint32_t boxChunks) {
    static const auto encode = encoder();
    const cuuint64_t extent[] = {64, rows, columns / 64};
    const cuuint64_t strides[] = {strideBytes, 128};
    const cuuint32_t box[] = {64, boxRows, boxChunks};
    const cuuint32_t steps[] = {1, 1, 1};
    CUtensorMap map;
    const CUresult result = encode(&map, CU_TENSOR_MAP_DATA_TYPE_FLOAT16, 3, data, extent, strides, box,
                                   steps, CU_TENSOR_MAP_INTERLEAVE_NONE, CU_TENSOR_MAP_SWIZZLE_128B,
                                   CU_TENSOR_MAP_L2_PROMOTION_L2_256B, CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE);
    if (result != CUDA_SUCCESS) refused(result);
    return map;
}

} // namespace

CUtensorMap tokenMap(const TokenTiles& tokens, std::uint32_t count, std::uint32_t chunks) {
    return halfMap(tokens.data, tokens.tokens, tokens.columns, std::uint64_t{tokens.stride} * 2, count,
                   chunks);
}

CUtensorMap pageMap(const KvPool& pool, std::uint32_t layer) {
    return halfMap(pool.data + layer * pool.layerBytes, pool.layerBytes / (pool.headDim * 2), pool.headDim,
                   pool.headDim * 2, kKvPageTokens, pool.headDim / 64);
}

CUtensorMap weightMap(const Matrix& matrix, std::uint32_t units, std::uint32_t groups) {
    static const auto encode = encoder();
    constexpr std::uint32_t kElement = 8;
    const std::uint64_t unitBytes = packedTraits(matrix.type).unitBytes;
    const cuuint64_t extent[] = {unitBytes / kElement, matrix.units(), matrix.groups()};
    const cuuint64_t strides[] = {unitBytes, matrix.groupBytes()};
    const cuuint32_t box[] = {static_cast<cuuint32_t>(unitBytes / kElement), units, groups};
    const cuuint32_t steps[] = {1, 1, 1};
    CUtensorMap map;
    const CUresult result =
        encode(&map, CU_TENSOR_MAP_DATA_TYPE_INT64, 3, const_cast<std::uint8_t*>(matrix.data), extent,
               strides, box, steps, CU_TENSOR_MAP_INTERLEAVE_NONE, CU_TENSOR_MAP_SWIZZLE_NONE,
               CU_TENSOR_MAP_L2_PROMOTION_L2_256B, CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE);
    if (result != CUDA_SUCCESS) refused(result);
    return map;
}

} // namespace altiplano::kernels::cuda
