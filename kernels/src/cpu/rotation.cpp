#include "cpu/rotation.h"

#include <cmath>
#include <xmmintrin.h>

namespace altiplano::kernels {
namespace {

/// One Hadamard matrix, by the fast transform; n is a power of two, at least 4.
void rotateBlock(float* x, std::size_t n) {
    const __m128 odd = _mm_setr_ps(0.0f, -0.0f, 0.0f, -0.0f), upper = _mm_setr_ps(0.0f, 0.0f, -0.0f, -0.0f);
    const __m128 scale = _mm_set1_ps(1.0f / std::sqrt(static_cast<float>(n)));
    for (std::size_t i = 0; i < n; i += 4) {
        __m128 v = _mm_mul_ps(_mm_loadu_ps(x + i), scale);
        v = _mm_add_ps(_mm_shuffle_ps(v, v, _MM_SHUFFLE(2, 3, 0, 1)), _mm_xor_ps(v, odd));
        v = _mm_add_ps(_mm_shuffle_ps(v, v, _MM_SHUFFLE(1, 0, 3, 2)), _mm_xor_ps(v, upper));
        _mm_storeu_ps(x + i, v);
    }
    for (std::size_t half = 4; half < n; half *= 2)
        for (std::size_t first = 0; first < n; first += 2 * half)
            for (std::size_t i = first; i < first + half; i += 4) {
                const __m128 a = _mm_loadu_ps(x + i), b = _mm_loadu_ps(x + i + half);
                _mm_storeu_ps(x + i, _mm_add_ps(a, b));
                _mm_storeu_ps(x + i + half, _mm_sub_ps(a, b));
            }
}

} // namespace

void rotate(float* x, std::size_t n) {
    const std::size_t block = n & (~n + 1);
    for (std::size_t first = 0; block >= 4 && first < n; first += block)
        rotateBlock(x + first, block);
}

} // namespace altiplano::kernels
