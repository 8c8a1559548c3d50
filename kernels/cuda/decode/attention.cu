#include "decode/attention.h"

#include "decode/attention_block.cuh"
#include "decode/launch.h"
#include "device_time.cuh"

#include <algorithm>

namespace altiplano::kernels::cuda {

namespace {

constexpr std::uint32_t kThreads = kAttentionWarps * 32 + 32;
constexpr std::uint32_t kMaxSlots = 8;

template <std::uint32_t Dim, KvType Type, std::uint32_t Sets>
__global__ void __launch_bounds__(kThreads, 1) attentionKernel(const __grid_constant__ DecodeAttention all) {
    extern __shared__ __align__(128) std::uint8_t shared[];
    __shared__ __align__(8) std::uint64_t barriers[2 * kMaxSlots];
    __shared__ __align__(16) BlockParts<Dim, Sets> block;
    __shared__ Exchange<Dim, Sets> exchange;
    letNextKernelStart();
    DecodeAttention a = all; // of this block's row
    a.rows.rows += blockIdx.y;
    a.q += std::size_t{blockIdx.y} * a.shape.heads * Dim;
    a.newKv += std::size_t{blockIdx.y} * 2 * a.pool.kvHeads * Dim;
    a.out += std::size_t{blockIdx.y} * a.shape.heads * Dim;
    a.roundedOut += std::size_t{blockIdx.y} * a.shape.heads * Dim;
    // Position and pages were complete before any kernel of this step could start.
    const std::uint32_t kvHead = blockIdx.x / a.splits, split = blockIdx.x % a.splits;
    const Row row = a.rows.rows[0];
    const AttentionLayer layer{a.layer, a.shape.scale, a.shape.window};
    const TokenRange range(a, layer.window, row.position, split);
    const bool alone = range.splits == 1;
    if (alone && split > 0) return;
    if (!alone) arriveAtCluster();
    const std::uint32_t barrier = sharedAddress(barriers);
    Ring ring{sharedAddress(shared), barrier, barrier + kMaxSlots * 8, a.slots,
              2 * pieceBytes(Type, Dim, kKvPageTokens)};
    if (threadIdx.x == 0) ring.init(kAttentionWarps);
    __syncthreads();
    const std::uint32_t group = a.shape.heads / a.pool.kvHeads, elements = group * Dim,
                        share = (elements + range.splits - 1) / range.splits;
    const std::size_t to = std::size_t{kvHead} * elements;
    if (threadIdx.x >= kAttentionWarps * 32) {
        if (threadIdx.x == kAttentionWarps * 32 && split < range.splits) {
            Producer producer{ring, a.stagesInFlight};
            produceKv<Dim, Type, kKvPageTokens>(a, a.layer, producer, kvHead, row, range);
        }
        __syncwarp(); // the producer's lane comes back
        if (split + 1 == range.splits) {
            const std::uint32_t page = a.rows.pages[row.pageTable + row.position / kKvPageTokens];
            waitForPreviousKernel();
            storeOwnToken<Dim, Type>(a, kvHead, row, page);
            __syncwarp();
        }
        if (!alone) waitForCluster();
    } else if (split >= range.splits) {
        waitForCluster();
    } else {
        waitForPreviousKernel();
        noteTime(a.began);
        attendRange<Dim, Type, Sets, kKvPageTokens>(a, layer, ring, kvHead, range, split + 1 == range.splits,
                                                    block);
        syncConsumers<kAttentionWarps * 32>();
        if (!alone) waitForCluster(); // everybody has started, so that everybody's memory is there
        const std::uint32_t parts = max(1u, kAttentionWarps / group);
        for (std::uint32_t i = threadIdx.x; i < elements; i += kAttentionWarps * 32) {
            const Part part = block.get(i / Dim, i % Dim, group, parts);
            if (alone)
                storeAttention(a, to + i, part);
            else
                exchange.send(part, i, share, split);
        }
    }
    if (alone) return noteEnd(a.ended);
    arriveAtCluster();
    waitForCluster();
    const std::uint32_t begin = split * share, end = min(begin + share, elements);
    for (std::uint32_t i = begin + threadIdx.x; i < end; i += kThreads)
        storeAttention(a, to + i, exchange.get(i / Dim, i - begin, share, range.splits));
    noteEnd(a.ended);
}

template <class F>
bool dispatchShape(const DecodeAttention& a, F&& f) {
    const std::uint32_t group = a.shape.heads / a.pool.kvHeads;
    const auto byGroup = [&]<std::uint32_t Dim, KvType Type>() {
        if (group <= kAttentionWarps)
            f(attentionKernel<Dim, Type, 1>);
        else
            f(attentionKernel<Dim, Type, 2>);
        return group <= 2 * kAttentionWarps;
    };
    const auto byType = [&]<std::uint32_t Dim>() {
        return a.pool.type == KvType::F16 ? byGroup.template operator()<Dim, KvType::F16>()
                                          : byGroup.template operator()<Dim, KvType::Q8_0>();
    };
    if (group > 2 * kAttentionWarps) return false;
    switch (a.pool.headDim) {
    case 64:
        return byType.template operator()<64>();
    case 128:
        return byType.template operator()<128>();
    default:
        return false;
    }
}

} // namespace

bool planAttention(DecodeAttention& a, const StreamLimits& limits) {
    if (limits.sharedBytesPerBlock == 0) return false;
    const std::uint32_t slotBytes = 2 * pieceBytes(a.pool.type, a.pool.headDim, kKvPageTokens);
    return dispatchShape(a, [&](auto kernel) {
        cudaFuncAttributes attributes = {};
        check(cudaFuncGetAttributes(&attributes, kernel), "preparing a kernel");
        const auto fixed = static_cast<std::uint32_t>(attributes.sharedSizeBytes);
        a.slots = std::clamp((limits.sharedBytesPerBlock - fixed) / slotBytes, 2u, kMaxSlots);
        a.stagesInFlight = std::clamp(limits.bytesInFlight / slotBytes, 2u, a.slots);
        a.sharedBytes = a.slots * slotBytes;
        prepareKernel(kernel, a.sharedBytes);
        check(cudaFuncSetAttribute(kernel, cudaFuncAttributeNonPortableClusterSizeAllowed, 1),
              "preparing a kernel");
        // As many splits as let all clusters run at once: a second wave would cost more than they gain.
        for (a.splits = std::clamp(limits.multiprocessors / a.pool.kvHeads, 1u, kMaxSplits); a.splits > 1;
             --a.splits)
            if (clustersAtOnce(kernel, kThreads, a.sharedBytes, a.splits) >= a.pool.kvHeads) break;
    });
}

void streamAttention(const DecodeAttention& a, cudaStream_t stream) {
    dispatchShape(a, [&](auto kernel) {
        launchDependent(kernel, dim3(a.pool.kvHeads * a.splits, a.rows.count), kThreads, a.sharedBytes,
                        a.splits, stream, a);
    });
}

} // namespace altiplano::kernels::cuda
