#include "cpu/vector.h"

#include "cpu/simd_avx512.h"

namespace altiplano::kernels {
namespace {

/// Calls use(load, save) for sixteen elements at a time, fewer in the end.
template <typename Use>
ALTIPLANO_INLINE inline void forSixteens(std::size_t n, Use use) {
    for (std::size_t i = 0; i < n; i += 16) {
        const auto mask = static_cast<__mmask16>(n - i >= 16 ? 0xffff : (1u << (n - i)) - 1);
        use([&](const float* x) ALTIPLANO_INLINE { return _mm512_maskz_loadu_ps(mask, x + i); },
            [&](float* y, __m512 v) ALTIPLANO_INLINE { _mm512_mask_storeu_ps(y + i, mask, v); });
    }
}

void rmsNorm(const float* x, const float* weight, float epsilon, std::size_t n, float* y) {
    __m512 squares = _mm512_setzero_ps();
    forSixteens(n,
                [&](auto get, auto) ALTIPLANO_INLINE { squares = _mm512_fmadd_ps(get(x), get(x), squares); });
    const __m128 mean = _mm_set_ss(_mm512_reduce_add_ps(squares) / static_cast<float>(n) + epsilon);
    const float factor = 1.0f / _mm_cvtss_f32(_mm_sqrt_ss(mean));
    forSixteens(n, [&](auto get, auto put)
                       ALTIPLANO_INLINE { put(y, _mm512_mul_ps(times(get(x), factor), get(weight))); });
}

void siluMultiply(const float* gate, const float* up, std::size_t n, float* y) {
    forSixteens(n, [&](auto get, auto put) ALTIPLANO_INLINE {
        const __m512 x = get(gate);
        const __m512 divisor = _mm512_add_ps(_mm512_set1_ps(1), exponential(times(x, -1)));
        put(y, _mm512_div_ps(_mm512_mul_ps(x, get(up)), divisor));
    });
}

void add(const float* x, std::size_t n, float* y) {
    forSixteens(n, [&](auto get, auto put) ALTIPLANO_INLINE { put(y, _mm512_add_ps(get(x), get(y))); });
}

void ropeAdjacent(const float* cosine, const float* sine, std::size_t pairs, const float* x, float scale,
                  float* y) {
    const __m512i twice = _mm512_set_epi32(7, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1, 0, 0);
    for (std::size_t i = 0; i < pairs; i += 8) {
        const unsigned left = static_cast<unsigned>(pairs - i);
        const auto half = static_cast<__mmask16>(left >= 8 ? 0xff : (1u << left) - 1);
        const auto whole = static_cast<__mmask16>(left >= 8 ? 0xffff : (1u << 2 * left) - 1);
        const auto spread = [&](const float* p) ALTIPLANO_INLINE {
            return times(_mm512_permutexvar_ps(twice, _mm512_maskz_loadu_ps(half, p + i)), scale);
        };
        const __m512 v = _mm512_maskz_loadu_ps(whole, x + 2 * i), swapped = _mm512_permute_ps(v, 0xb1);
        const __m512 turned = _mm512_mul_ps(swapped, spread(sine));
        _mm512_mask_storeu_ps(y + 2 * i, whole, _mm512_fmaddsub_ps(v, spread(cosine), turned));
    }
}

void ropeHalves(const float* cosine, const float* sine, std::size_t pairs, const float* x, float scale,
                float* y) {
    forSixteens(pairs, [&](auto get, auto put) ALTIPLANO_INLINE {
        const __m512 c = times(get(cosine), scale), s = times(get(sine), scale);
        const __m512 a = get(x), b = get(x + pairs);
        put(y, _mm512_fmsub_ps(a, c, _mm512_mul_ps(b, s)));
        put(y + pairs, _mm512_fmadd_ps(a, s, _mm512_mul_ps(b, c)));
    });
}

void rope(RopePairing pairing, const float* cosine, const float* sine, std::size_t pairs, const float* x,
          std::size_t n, float scale, float* y) {
    const auto turn = pairing == RopePairing::Adjacent ? ropeAdjacent : ropeHalves;
    turn(cosine, sine, pairs, x, scale, y);
    forSixteens(n - 2 * pairs, [&](auto get, auto put) ALTIPLANO_INLINE {
        put(y + 2 * pairs, times(get(x + 2 * pairs), scale));
    });
}

} // namespace

const VectorKernels kAvx512Vector{rmsNorm, siluMultiply, add, rope};

} // namespace altiplano::kernels
