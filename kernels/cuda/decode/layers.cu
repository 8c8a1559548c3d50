#include "decode/layers.h"

#include "decode/launch.h"
#include "decode/layers_block.cuh"

namespace altiplano::kernels::cuda {

namespace {

template <QuantType T, KvType Kv>
__global__ void __launch_bounds__(kStreamThreads, 1)
    layersKernel(const __grid_constant__ ClusterPlan plan, const __grid_constant__ ClusterRun run) {
    extern __shared__ __align__(128) std::uint8_t shared[];
    letNextKernelStart();
    runLayers<T, Kv>(plan, run, shared);
}

/// Calls `f` with the kernel for the types.
template <class F>
void withKernel(QuantType type, KvType kvType, F&& f) {
    const auto with = [&]<QuantType T>() {
        kvType == KvType::F16 ? f(layersKernel<T, KvType::F16>) : f(layersKernel<T, KvType::Q8_0>);
    };
    switch (type) {
    case QuantType::Q4_0:
        return with.template operator()<QuantType::Q4_0>();
    case QuantType::Q4_1:
        return with.template operator()<QuantType::Q4_1>();
    default:
        return with.template operator()<QuantType::Q8_0>();
    }
}

} // namespace

bool prepareCluster(const ClusterPlan& plan, KvType kvType) {
    bool fits = false;
    withKernel(plan.type, kvType, [&](auto kernel) {
        prepareKernel(kernel, kMaxSharedBytes);
        check(cudaFuncSetAttribute(kernel, cudaFuncAttributeNonPortableClusterSizeAllowed, 1),
              "preparing a kernel");
        fits = clustersAtOnce(kernel, kStreamThreads, plan.shared.end, kClusterBlocks) > 0;
    });
    return fits;
}

void runCluster(const ClusterPlan& plan, const ClusterRun& run, cudaStream_t stream) {
    withKernel(plan.type, run.attention.pool.type, [&](auto kernel) {
        launchDependent(kernel, kClusterBlocks, kStreamThreads, plan.shared.end, kClusterBlocks, stream, plan,
                        run);
    });
}

} // namespace altiplano::kernels::cuda
