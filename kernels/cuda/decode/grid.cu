#include "decode/grid.h"

#include "decode/grid_block.cuh"
#include "decode/launch.h"

namespace altiplano::kernels::cuda {

namespace {

template <QuantType T, QuantType U, std::uint32_t Dim, KvType Kv>
__global__ void __launch_bounds__(kStreamThreads, 1)
    gridKernel(const __grid_constant__ GridPlan plan, const __grid_constant__ GridRun run) {
    extern __shared__ __align__(128) std::uint8_t shared[];
    letNextKernelStart();
    runGridLayers<T, U, Dim, Kv>(plan, run, shared);
}

/// Calls `f` with the kernel for the types, where there is one.
template <class F>
bool withKernel(const GridPlan& p, KvType kvType, F&& f) {
    if (kvType != KvType::F16) return false;
    const auto byDim = [&]<QuantType T, QuantType U>() {
        p.headDim == 64 ? f(gridKernel<T, U, 64, KvType::F16>) : f(gridKernel<T, U, 128, KvType::F16>);
        return true;
    };
    switch (p.first) {
    case QuantType::Q4_K:
        return byDim.template operator()<QuantType::Q4_K, QuantType::Q6_K>();
    case QuantType::Q4_0:
        return byDim.template operator()<QuantType::Q4_0, QuantType::Q4_0>();
    default:
        return false;
    }
}

} // namespace

bool prepareGrid(const GridPlan& plan, KvType kvType) {
    int perMultiprocessor = 0;
    const bool known = withKernel(plan, kvType, [&](auto kernel) {
        prepareKernel(kernel, kMaxSharedBytes);
        check(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&perMultiprocessor, kernel, kStreamThreads,
                                                            plan.shared.end),
              "preparing a kernel");
    });
    return known && perMultiprocessor > 0;
}

void runGrid(const GridPlan& plan, const GridRun& run, cudaStream_t stream) {
    withKernel(plan, run.attention.pool.type, [&](auto kernel) {
        cudaLaunchAttribute attributes[2] = {};
        attributes[0].id = cudaLaunchAttributeProgrammaticStreamSerialization;
        attributes[0].val.programmaticStreamSerializationAllowed = 1;
        attributes[1].id = cudaLaunchAttributeCooperative; // its blocks wait for each other
        attributes[1].val.cooperative = 1;
        cudaLaunchConfig_t config = {};
        config.gridDim = plan.blocks;
        config.blockDim = kStreamThreads;
        config.dynamicSmemBytes = plan.shared.end;
        config.stream = stream;
        config.attrs = attributes;
        config.numAttrs = 2;
        check(cudaLaunchKernelEx(&config, kernel, plan, run), "launching a kernel");
    });
}

} // namespace altiplano::kernels::cuda
