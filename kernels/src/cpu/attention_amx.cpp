#include "cpu/attention_avx512.h"
#include "cpu/simd_amx.h"

// Prompts on AMX: queries, keys, weights and values as bfloat16, everything else in float32. A page's keys
// and values are converted once for many queries.

namespace altiplano::kernels {
namespace {

/// The largest heads, and the most queries that share a page's conversion.
constexpr std::size_t kMaxDims = 256, kBlock = 128;

struct Scratch {
    alignas(64) std::byte queries[kBlock / kTileSide * (kMaxDims / kTileDepth) * kTileBytes];
    alignas(64) std::byte keys[kKvPageTokens / kTileSide * (kMaxDims / kTileDepth) * kTileBytes];
    alignas(64) std::byte values[kKvPageTokens / kTileDepth * (kMaxDims / kTileSide) * kTileBytes];
    alignas(64) float scores[kTileSide * kKvPageTokens];
    alignas(64) std::byte weights[kKvPageTokens / kTileDepth * kTileBytes];
    alignas(64) float edge[kTileSide * kMaxDims]; ///< results of a last tile of less than 16 queries
};

/// Queries [first, first + count) as left factors [count / 16][dims / 32], padded with zeros.
void packQueries(const AttentionTask& task, std::size_t first, std::size_t count, Scratch& scratch) {
    const std::size_t dims = task.layout->dims(), steps = (dims + kTileDepth - 1) / kTileDepth;
    for (std::size_t i = 0; i < (count + kTileSide - 1) / kTileSide * kTileSide; ++i)
        for (std::size_t s = 0; s < steps; ++s) {
            const float* q = task.q + (first + i) * dims + kTileDepth * s;
            const __mmask16 lowIn = i < count ? 0xffff : 0;
            const __mmask16 highIn = dims - kTileDepth * s > kTileSide ? lowIn : __mmask16{0};
            _mm512_store_si512(
                scratch.queries + (i / kTileSide * steps + s) * kTileBytes + i % kTileSide * 64,
                bfloat16(_mm512_maskz_loadu_ps(lowIn, q), _mm512_maskz_loadu_ps(highIn, q + 16)));
        }
}

/// The keys of a page as right factors [64 / 16][dims / 32]: 16 keys side by side, dimensions below each
/// other.
template <typename Number>
void unpackKeys(const KvLayout& layout, const std::byte* head, Scratch& scratch) {
    const std::size_t dims = layout.dims();
    std::byte* to = scratch.keys;
    const auto row = [&](std::size_t block, std::size_t d) ALTIPLANO_INLINE {
        return d < dims ? keysAt<Number>(layout, head, block, d) : _mm512_setzero_ps();
    };
    for (std::size_t block = 0; block < kKvPageTokens / kKeyLanes; ++block)
        for (std::size_t d = 0; d < (dims + kTileDepth - 1) / kTileDepth * kTileDepth; d += 2, to += 64)
            _mm512_store_si512(to, interleaved(row(block, d), row(block, d + 1)));
}

/// The first `end` values of a page as right factors [64 / 32][dims / 16]: 16 dimensions side by side, keys
/// below each other. The others may hold anything, and become zero.
template <typename Number>
void unpackValues(const KvLayout& layout, const std::byte* head, std::size_t end, Scratch& scratch) {
    const std::size_t dims = layout.dims(), tiles = dims / kTileSide;
    for (std::size_t key = 0; key < kKvPageTokens; key += 2)
        for (std::size_t t = 0; t < tiles; ++t) {
            const auto row = [&](std::size_t k) ALTIPLANO_INLINE {
                return k < end ? valueAt<Number>(layout, head, k, kTileSide * t) : _mm512_setzero_ps();
            };
            _mm512_store_si512(scratch.values + (key / kTileDepth * tiles + t) * kTileBytes +
                                   key % kTileDepth / 2 * 64,
                               interleaved(row(key), row(key + 1)));
        }
}

/// scores [16][64] = a tile of queries times the page's keys.
void scoreTile(const std::byte* queries, std::size_t steps, Scratch& scratch) {
    const std::size_t block = steps * kTileBytes, stride = kKvPageTokens * sizeof(float);
    const std::byte* keys = scratch.keys;
    finishStores();
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    for (std::size_t s = 0; s < steps; ++s, queries += kTileBytes, keys += kTileBytes) {
        _tile_loadd(4, queries, 64);
        _tile_loadd(5, keys, 64);
        _tile_dpbf16ps(0, 4, 5);
        _tile_loadd(6, keys + block, 64);
        _tile_dpbf16ps(1, 4, 6);
        _tile_loadd(7, keys + 2 * block, 64);
        _tile_dpbf16ps(2, 4, 7);
        _tile_loadd(5, keys + 3 * block, 64);
        _tile_dpbf16ps(3, 4, 5);
    }
    _tile_stored(0, scratch.scores, stride);
    _tile_stored(1, scratch.scores + 16, stride);
    _tile_stored(2, scratch.scores + 32, stride);
    _tile_stored(3, scratch.scores + 48, stride);
}

/// out [16][dims] += weights times the page's values.
void addValues(std::size_t dims, const Scratch& scratch, float* out) {
    const std::size_t tiles = dims / kTileSide, stride = dims * sizeof(float), half = tiles * kTileBytes;
    const std::byte* values = scratch.values;
    finishStores();
    _tile_loadd(6, scratch.weights, 64);
    _tile_loadd(7, scratch.weights + kTileBytes, 64);
    std::size_t t = 0;
    for (; t + 2 <= tiles; t += 2, out += 32, values += 2 * kTileBytes) {
        _tile_loadd(0, out, stride);
        _tile_loadd(1, out + 16, stride);
        _tile_loadd(2, values, 64);
        _tile_dpbf16ps(0, 6, 2);
        _tile_loadd(3, values + kTileBytes, 64);
        _tile_dpbf16ps(1, 6, 3);
        _tile_loadd(4, values + half, 64);
        _tile_dpbf16ps(0, 7, 4);
        _tile_loadd(5, values + half + kTileBytes, 64);
        _tile_dpbf16ps(1, 7, 5);
        _tile_stored(0, out, stride);
        _tile_stored(1, out + 16, stride);
    }
    if (t == tiles) return;
    _tile_loadd(0, out, stride);
    _tile_loadd(2, values, 64);
    _tile_dpbf16ps(0, 6, 2);
    _tile_loadd(4, values + half, 64);
    _tile_dpbf16ps(0, 7, 4);
    _tile_stored(0, out, stride);
}

/// Queries [first, first + count), count <= kBlock, against all pages.
template <typename Number>
void attendBlock(const AttentionTask& task, std::size_t first, std::size_t count, Scratch& scratch) {
    const KvLayout& layout = *task.layout;
    const std::size_t dims = layout.dims(), steps = (dims + kTileDepth - 1) / kTileDepth;
    const std::size_t last = task.position + (first + count - 1) / task.group;
    const std::size_t end = smaller(task.end, last + 1), partial = count % kTileSide;
    packQueries(task, first, count, scratch);
    __builtin_memset(scratch.edge, 0, kTileSide * dims * sizeof(float));
    for (std::size_t page = task.begin / kKvPageTokens; page * kKvPageTokens < end; ++page) {
        const std::byte* head = task.pool + task.pages[page] * layout.pageBytes();
        unpackKeys<Number>(layout, head, scratch);
        unpackValues<Number>(layout, head, smaller(end - page * kKvPageTokens, kKvPageTokens), scratch);
        for (std::size_t tile = 0; tile < count; tile += kTileSide) {
            std::uint64_t seen[kTileSide], any = 0;
            for (std::size_t i = 0; i < kTileSide; ++i)
                any |= seen[i] = tile + i < count ? seenBy(task, first + tile + i, page) : 0;
            if (any == 0) continue;
            float* out = tile + kTileSide <= count ? task.out + (first + tile) * dims : scratch.edge;
            scoreTile(scratch.queries + tile / kTileSide * steps * kTileBytes, steps, scratch);
            softmax<kTileSide>(seen, scratch.scores, smaller(kTileSide, count - tile),
                               task.max + first + tile, task.sum + first + tile, out, dims,
                               [&](int i, const __m512* weights) ALTIPLANO_INLINE {
                                   std::byte* row = scratch.weights + 64 * i;
                                   _mm512_store_si512(row, bfloat16(weights[0], weights[1]));
                                   _mm512_store_si512(row + kTileBytes, bfloat16(weights[2], weights[3]));
                               });
            addValues(dims, scratch, out);
        }
    }
    if (partial != 0)
        __builtin_memcpy(task.out + (first + count - partial) * dims, scratch.edge,
                         partial * dims * sizeof(float));
}

void attend(const AttentionTask& task) {
    const std::size_t dims = task.layout->dims();
    if (dims > kMaxDims) return kAvx512Attention.attend(task);
    clearResults(task);
    Scratch scratch;
    const TileRegisters registers;
    const auto block = task.layout->type == KvType::F16 ? attendBlock<HalfNumbers> : attendBlock<ByteNumbers>;
    for (std::size_t i = 0; i < task.queries; i += kBlock)
        block(task, i, smaller(kBlock, task.queries - i), scratch);
}

void store(const KvLayout& layout, std::byte* head, std::size_t slot, const float* k, const float* v) {
    kAvx512Attention.store(layout, head, slot, k, v);
}

} // namespace

const AttentionKernels kAmxAttention{store, attend};

} // namespace altiplano::kernels
