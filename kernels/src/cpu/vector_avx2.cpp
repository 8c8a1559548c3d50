#include "cpu/vector.h"

#include "cpu/simd_avx2.h"

namespace altiplano::kernels {
namespace {

ALTIPLANO_INLINE inline __m256 silu(__m256 x) {
    const __m256 one = _mm256_set1_ps(1.0f);
    return _mm256_div_ps(x, _mm256_add_ps(one, exponential(_mm256_sub_ps(_mm256_setzero_ps(), x))));
}

/// Calls use(i, load, save) for eight elements at a time; the last ones go through zero-padded copies.
template <typename Use>
ALTIPLANO_INLINE inline void forEights(std::size_t n, Use use) {
    std::size_t i = 0;
    for (; i + 8 <= n; i += 8)
        use([&](const float* x) ALTIPLANO_INLINE { return _mm256_loadu_ps(x + i); },
            [&](float* y, __m256 v) ALTIPLANO_INLINE { _mm256_storeu_ps(y + i, v); });
    if (i == n) return;
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i mask = _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(n - i)), lanes);
    use([&](const float* x) ALTIPLANO_INLINE { return _mm256_maskload_ps(x + i, mask); },
        [&](float* y, __m256 v) ALTIPLANO_INLINE { _mm256_maskstore_ps(y + i, mask, v); });
}

void rmsNorm(const float* x, const float* weight, float epsilon, std::size_t n, float* y) {
    __m256 squares = _mm256_setzero_ps();
    forEights(n,
              [&](auto get, auto) ALTIPLANO_INLINE { squares = _mm256_fmadd_ps(get(x), get(x), squares); });
    const __m128 mean = _mm_set_ss(sumOf(squares) / static_cast<float>(n) + epsilon);
    const __m256 factor = _mm256_set1_ps(1.0f / _mm_cvtss_f32(_mm_sqrt_ss(mean)));
    forEights(n, [&](auto get, auto put)
                     ALTIPLANO_INLINE { put(y, _mm256_mul_ps(_mm256_mul_ps(get(x), factor), get(weight))); });
}

void siluMultiply(const float* gate, const float* up, std::size_t n, float* y) {
    forEights(n,
              [&](auto get, auto put) ALTIPLANO_INLINE { put(y, _mm256_mul_ps(silu(get(gate)), get(up))); });
}

void add(const float* x, std::size_t n, float* y) {
    forEights(n, [&](auto get, auto put) ALTIPLANO_INLINE { put(y, _mm256_add_ps(get(x), get(y))); });
}

void ropeAdjacent(const float* cosine, const float* sine, std::size_t pairs, const float* x, float scale,
                  float* y) {
    const __m256i twice = _mm256_setr_epi32(0, 0, 1, 1, 2, 2, 3, 3);
    const auto spread = [&](const float* p) ALTIPLANO_INLINE {
        const __m256 four = _mm256_castps128_ps256(_mm_loadu_ps(p));
        return _mm256_mul_ps(_mm256_permutevar8x32_ps(four, twice), _mm256_set1_ps(scale));
    };
    std::size_t i = 0;
    for (; i + 4 <= pairs; i += 4) {
        const __m256 v = _mm256_loadu_ps(x + 2 * i), swapped = _mm256_permute_ps(v, 0xb1);
        const __m256 turned = _mm256_mul_ps(swapped, spread(sine + i));
        _mm256_storeu_ps(y + 2 * i, _mm256_fmaddsub_ps(v, spread(cosine + i), turned));
    }
    for (; i < pairs; ++i) {
        y[2 * i] = scale * (x[2 * i] * cosine[i] - x[2 * i + 1] * sine[i]);
        y[2 * i + 1] = scale * (x[2 * i] * sine[i] + x[2 * i + 1] * cosine[i]);
    }
}

void ropeHalves(const float* cosine, const float* sine, std::size_t pairs, const float* x, float scale,
                float* y) {
    const __m256 factor = _mm256_set1_ps(scale);
    forEights(pairs, [&](auto get, auto put) ALTIPLANO_INLINE {
        const __m256 c = _mm256_mul_ps(get(cosine), factor), s = _mm256_mul_ps(get(sine), factor);
        const __m256 a = get(x), b = get(x + pairs);
        put(y, _mm256_fmsub_ps(a, c, _mm256_mul_ps(b, s)));
        put(y + pairs, _mm256_fmadd_ps(a, s, _mm256_mul_ps(b, c)));
    });
}

void rope(RopePairing pairing, const float* cosine, const float* sine, std::size_t pairs, const float* x,
          std::size_t n, float scale, float* y) {
    const auto turn = pairing == RopePairing::Adjacent ? ropeAdjacent : ropeHalves;
    turn(cosine, sine, pairs, x, scale, y);
    for (std::size_t i = 2 * pairs; i < n; ++i)
        y[i] = scale * x[i];
}

} // namespace

const VectorKernels kAvx2Vector{rmsNorm, siluMultiply, add, rope};

} // namespace altiplano::kernels
