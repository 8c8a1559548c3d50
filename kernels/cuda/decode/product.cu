#include "decode/product.h"

#include "decode/launch.h"
#include "decode/product_block.cuh"
#include "device_time.cuh"
#include "type_dispatch.cuh"

namespace altiplano::kernels::cuda {

namespace {

template <QuantType T, QuantType U, std::uint32_t Tokens>
__global__ void __launch_bounds__(kStreamThreads, 1)
    productKernel(const __grid_constant__ Product p, const __grid_constant__ ProductInput in,
                  const __grid_constant__ Finish finish) {
    extern __shared__ __align__(128) std::uint8_t shared[];
    letNextKernelStart();
    const std::uint32_t base = sharedAddress(shared), barriers = base + p.shared.barriers;
    Ring ring{base + p.shared.slots, barriers, barriers + kMaxSlots * 8, p.slots, p.slotBytes};
    if (threadIdx.x == 0) ring.init(kConsumerWarps);
    __syncthreads();
    if (threadIdx.x >= kConsumers) {
        if (threadIdx.x == kConsumers) {
            produce(p, ring);
            p.ahead.fetch();
        }
        return;
    }
    NormWeights weights{};
    if (in.norm && threadIdx.x % consumersOf(Tokens) < p.columns / 8)
        weights.load(in.norm, threadIdx.x % consumersOf(Tokens));
    const BlockRow mine = BlockRow::of<Tokens>(p, threadIdx.x);
    waitForPreviousKernel();
    noteTime(finish.began);
    runProduct<T, U, Tokens>(p, in, finish, shared, ring, mine, weights);
    noteEnd(finish.ended);
}

/// Calls `f` with the kernel for a product's types and tokens: Q4_K and Q6_K, which models mix, share one.
template <std::uint32_t Tokens, class F>
void withTypes(const Product& p, F&& f) {
    if (p.parts[0].type == QuantType::Q4_K || p.parts[0].type == QuantType::Q6_K)
        return f(productKernel<QuantType::Q4_K, QuantType::Q6_K, Tokens>);
    dispatchPacked(p.parts[0].type, [&](auto storage) {
        constexpr QuantType kType = decltype(storage)::kType;
        if constexpr (kType != QuantType::Q4_K && kType != QuantType::Q6_K &&
                      (Tokens == 1 || !kUsesFloats<kType>))
            f(productKernel<kType, kType, Tokens>);
    });
}

template <class F>
void withKernel(const Product& p, F&& f) {
    if (p.tokens == 1) return withTypes<1>(p, f);
    if (p.tokens == 2) return withTypes<2>(p, f);
    withTypes<kMaxStreamTokens>(p, f);
}

__global__ void roundKernel(const float* from, __half* to, float scale, std::uint32_t count) {
    const std::uint32_t i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count) to[i] = roundedHalf(from[i], scale);
}

} // namespace

void prepare(Product product) {
    for (const std::uint32_t tokens : {1u, 2u, kMaxStreamTokens}) {
        product.tokens = tokens;
        withKernel(product, [](auto kernel) { prepareKernel(kernel, kMaxSharedBytes); });
    }
}

void streamProduct(const Product& product, const ProductInput& in, const Finish& finish,
                   cudaStream_t stream) {
    withKernel(product, [&](auto kernel) {
        launchDependent(kernel, product.blocks, kStreamThreads, product.shared.end, 1, stream, product, in,
                        finish);
    });
}

void roundInput(const float* from, __half* to, float scale, std::uint32_t count, cudaStream_t stream) {
    constexpr std::uint32_t kThreads = 256;
    roundKernel<<<divideUp(count, kThreads), kThreads, 0, stream>>>(from, to, scale, count);
    check(cudaGetLastError(), "launching a kernel");
}

} // namespace altiplano::kernels::cuda
