#include "cpu/attention.h"

#include "cpu/simd_amx.h"

// Prompts on AMX: queries, keys, weights and values as bfloat16, everything else in float32. A page's keys
// and values are converted once for many queries.

namespace altiplano::kernels {
namespace {

constexpr float kNothing = -__builtin_inff();

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

ALTIPLANO_INLINE inline std::size_t smaller(std::size_t a, std::size_t b) {
    return a < b ? a : b;
}
ALTIPLANO_INLINE inline std::size_t larger(std::size_t a, std::size_t b) {
    return a < b ? b : a;
}

/// How K and V are stored: sixteen numbers of a page.
struct HalfNumbers {
    static constexpr std::size_t kBytes = 2;
    static constexpr bool kScaled = false;
    ALTIPLANO_INLINE static __m512 sixteen(const std::byte* p) { return _mm512_cvtph_ps(loadHalf(p)); }
};
struct ByteNumbers {
    static constexpr std::size_t kBytes = 1;
    static constexpr bool kScaled = true;
    ALTIPLANO_INLINE static __m512 sixteen(const std::byte* p) {
        return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p))));
    }
};

/// The keys (or values) of a page that a query sees, one bit each.
std::uint64_t seenBy(const AttentionTask& task, std::size_t query, std::size_t page) {
    const std::size_t own = task.position + query / task.group, first = page * kKvPageTokens;
    std::size_t begin = larger(first, task.begin);
    if (task.window != 0 && own + 1 > task.window) begin = larger(begin, own + 1 - task.window);
    const std::size_t end = smaller(smaller(own + 1, task.end), first + kKvPageTokens);
    if (begin >= end) return 0;
    return ~std::uint64_t{0} >> (kKvPageTokens - (end - begin)) << (begin - first);
}

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
    const std::size_t dims = layout.dims(), lanes = kKeyLanes * Number::kBytes;
    std::byte* to = scratch.keys;
    for (std::size_t block = 0; block < kKvPageTokens / kKeyLanes; ++block) {
        const auto row = [&](std::size_t d) ALTIPLANO_INLINE {
            if (d >= dims) return _mm512_setzero_ps();
            const __m512 numbers = Number::sixteen(head + (block * dims + d) * lanes);
            if constexpr (!Number::kScaled) return numbers;
            const std::byte* scales = head + layout.keyScales() + (block * dims + d) / 32 * kKeyLanes * 2;
            return _mm512_mul_ps(numbers, _mm512_cvtph_ps(loadHalf(scales)));
        };
        for (std::size_t d = 0; d < (dims + kTileDepth - 1) / kTileDepth * kTileDepth; d += 2, to += 64)
            _mm512_store_si512(to, interleaved(row(d), row(d + 1)));
    }
}

/// The first `end` values of a page as right factors [64 / 32][dims / 16]: 16 dimensions side by side, keys
/// below each other. The others may hold anything, and become zero.
template <typename Number>
void unpackValues(const KvLayout& layout, const std::byte* head, std::size_t end, Scratch& scratch) {
    const std::size_t dims = layout.dims(), tiles = dims / kTileSide;
    for (std::size_t key = 0; key < kKvPageTokens; key += 2)
        for (std::size_t t = 0; t < tiles; ++t) {
            const auto row = [&](std::size_t k) ALTIPLANO_INLINE {
                if (k >= end) return _mm512_setzero_ps();
                const std::size_t at = k * dims + kTileSide * t;
                const __m512 numbers = Number::sixteen(head + layout.values() + at * Number::kBytes);
                if constexpr (!Number::kScaled) return numbers;
                std::uint16_t scale;
                __builtin_memcpy(&scale, head + layout.valueScales() + at / 32 * 2, 2);
                return _mm512_mul_ps(numbers, _mm512_set1_ps(_cvtsh_ss(scale)));
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

/// Turns a query's scores into weights exp(score - max) as a row of left factors, zero where it does not see,
/// with the new running maximum; shrinks what was summed before accordingly.
void softmax(std::uint64_t seen, const float* scores, std::byte* weights, float& max, float& sum, float* out,
             std::size_t dims) {
    __m512 part[4], largest = _mm512_set1_ps(kNothing);
    unroll<4>([&]<int i>() ALTIPLANO_INLINE {
        const auto mask = static_cast<__mmask16>(seen >> 16 * i);
        part[i] = _mm512_mask_loadu_ps(_mm512_set1_ps(kNothing), mask, scores + 16 * i);
        largest = _mm512_max_ps(largest, part[i]);
    });
    const float before = max, pageMax = _mm512_reduce_max_ps(largest);
    if (pageMax > before) {
        max = pageMax;
        if (before != kNothing) {
            const __m512 factor = exponential(_mm512_set1_ps(before - max));
            sum *= _mm512_cvtss_f32(factor);
            for (std::size_t d = 0; d < dims; d += 16)
                _mm512_storeu_ps(out + d, _mm512_mul_ps(_mm512_loadu_ps(out + d), factor));
        }
    }
    const __m512 newMax = _mm512_set1_ps(max);
    unroll<4>([&]<int i>() ALTIPLANO_INLINE {
        const auto mask = static_cast<__mmask16>(seen >> 16 * i);
        part[i] = _mm512_maskz_mov_ps(mask, exponential(_mm512_sub_ps(part[i], newMax)));
    });
    sum +=
        _mm512_reduce_add_ps(_mm512_add_ps(_mm512_add_ps(part[0], part[1]), _mm512_add_ps(part[2], part[3])));
    _mm512_store_si512(weights, bfloat16(part[0], part[1]));
    _mm512_store_si512(weights + kTileBytes, bfloat16(part[2], part[3]));
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
            for (std::size_t i = 0; i < kTileSide; ++i) {
                const std::size_t query = first + smaller(tile + i, count - 1);
                softmax(seen[i], scratch.scores + i * kKvPageTokens, scratch.weights + 64 * i,
                        task.max[query], task.sum[query], out + i * dims, dims);
            }
            addValues(dims, scratch, out);
        }
    }
    if (partial != 0)
        __builtin_memcpy(task.out + (first + count - partial) * dims, scratch.edge,
                         partial * dims * sizeof(float));
}

void attend(const AttentionTask& task) {
    const std::size_t dims = task.layout->dims();
    if (task.queries < kTileSide || dims > kMaxDims) return kAvx2Attention.attend(task);
    for (std::size_t i = 0; i < task.queries; ++i)
        task.max[i] = kNothing, task.sum[i] = 0;
    __builtin_memset(task.out, 0, task.queries * dims * sizeof(float));
    Scratch scratch;
    const TileRegisters registers;
    const auto block = task.layout->type == KvType::F16 ? attendBlock<HalfNumbers> : attendBlock<ByteNumbers>;
    for (std::size_t i = 0; i < task.queries; i += kBlock)
        block(task, i, smaller(kBlock, task.queries - i), scratch);
}

void store(const KvLayout& layout, std::byte* head, std::size_t slot, const float* k, const float* v) {
    kAvx2Attention.store(layout, head, slot, k, v);
}

} // namespace

const AttentionKernels kAmxAttention{store, attend};

} // namespace altiplano::kernels
