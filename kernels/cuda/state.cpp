#include "state.h"

namespace altiplano::kernels::cuda {

namespace {

constexpr std::size_t kStagingBytes = 16u << 20;

KvPool poolFor(const DevicePlan& plan, const StateLimits& limits) {
    KvPool pool;
    pool.type = limits.kvType;
    pool.kvHeads = plan.shape.kvHeads;
    pool.headDim = plan.shape.headDim;
    pool.headBytes = KvPool::bytesPerHead(limits.kvType, plan.shape.headDim);
    pool.pageBytes = 2 * pool.kvHeads * pool.headBytes;
    pool.layerBytes = limits.kvPages * pool.pageBytes;
    return pool;
}

} // namespace

std::uint64_t CudaState::bytesFor(const DevicePlan& plan, const StateLimits& limits) {
    std::uint64_t bytes = plan.layers * poolFor(plan, limits).layerBytes;
    Scratch scratch;
    scratch.visit(plan, limits,
                  [&]<class T>(DeviceArray<T>&, std::size_t count) { bytes += count * sizeof(T); });
    return bytes;
}

CudaState::CudaState(const DevicePlan& plan, const StateLimits& stateLimits)
    : limits(stateLimits), pool(poolFor(plan, stateLimits)) {
    if (limits.kvType == KvType::Q8_0 && plan.shape.headDim % 32 != 0)
        throw BackendError(BackendError::Kind::Unsupported,
                           "q8_0 K/V needs heads of a multiple of 32 dimensions.");
    if (plan.shape.headDim > 256)
        throw BackendError(BackendError::Kind::Unsupported,
                           "The GPU backend runs heads of at most 256 dimensions.");
    m_bytes = bytesFor(plan, limits);
    kv = DeviceArray<std::uint8_t>(plan.layers * pool.layerBytes);
    pool.data = kv.get();
    scratch.visit(plan, limits,
                  []<class T>(DeviceArray<T>& array, std::size_t count) { array = DeviceArray<T>(count); });
    // Pages are read in whole sixteens of tokens, so that bytes nobody has written yet are copied (not used).
    if (kv.size() > 0) check(cudaMemsetAsync(kv.get(), 0, kv.bytes(), stream), "clearing memory");
    if (scratch.hTiles.size() > 0) // its padding must be finite
        check(cudaMemsetAsync(scratch.hTiles.get(), 0, scratch.hTiles.bytes(), stream), "clearing memory");
    staging = PinnedArray<std::uint8_t>(kStagingBytes);
    attention.pool = pool;
    attention.shape.heads = plan.shape.heads;
    attention.rows = {scratch.rows.get(), scratch.pages.get(), 1};
    attention.q = scratch.q.get();
    attention.newKv = scratch.newKv.get();
    attention.out = scratch.attention.get();
    attention.roundedOut = scratch.roundedAttention.get();
    fastAttention = planAttention(attention, plan.limits);
    check(cudaMemsetAsync(scratch.exchange.get(), 0, scratch.exchange.bytes(), stream), "clearing memory");
    inGrid = fastAttention && plan.grid && prepareGrid(*plan.grid, limits.kvType);
    inCluster = fastAttention && plan.cluster && prepareCluster(*plan.cluster, limits.kvType);
    if (inGrid || inCluster) atOnceTokens = inGrid ? plan.grid->tokens : kClusterTokens;
    stream.wait("preparing memory");
}

CudaState::~CudaState() {
    static_cast<void>(cudaStreamSynchronize(stream));
}

void CudaState::copyPage(std::uint32_t from, std::uint32_t to, std::uint32_t) {
    // The tokens past the wanted ones come along: they are written before they are read.
    if (kv.size() == 0) return;
    check(cudaMemcpy2DAsync(kv.get() + to * pool.pageBytes, pool.layerBytes, kv.get() + from * pool.pageBytes,
                            pool.layerBytes, pool.pageBytes, kv.bytes() / pool.layerBytes,
                            cudaMemcpyDeviceToDevice, stream),
          "copying a KV page");
}

} // namespace altiplano::kernels::cuda
