#pragma once

#include "packed_block.cuh"

namespace altiplano::kernels::cuda {

/// A matrix's storage as a compile-time value.
template <QuantType T, bool Packed>
struct Storage {
    static constexpr QuantType kType = T;
    static constexpr bool kPacked = Packed;

    /// Weights [32 * block, +32) of `row` (a packed row where packed).
    __device__ static void decode32(const Matrix& m, std::uint32_t row, std::uint32_t block, float* out) {
        if constexpr (Packed) {
            decodePacked32<T>(m.data + row / kGroupRows * m.groupBytes(), row % kGroupRows, block, out);
        } else {
            decodeBlock32<T>(m.data + row * m.rowStride, block, m.columns, out);
        }
    }
};

/// Calls `f(Storage<...>{})` with the packed type; false where the type is not packed.
template <class F>
bool dispatchPacked(QuantType type, F&& f) {
    switch (type) {
    case QuantType::F16:
        f(Storage<QuantType::F16, true>{});
        return true;
    case QuantType::BF16:
        f(Storage<QuantType::BF16, true>{});
        return true;
    case QuantType::Q4_0:
        f(Storage<QuantType::Q4_0, true>{});
        return true;
    case QuantType::Q4_1:
        f(Storage<QuantType::Q4_1, true>{});
        return true;
    case QuantType::Q8_0:
        f(Storage<QuantType::Q8_0, true>{});
        return true;
    case QuantType::Q4_K:
        f(Storage<QuantType::Q4_K, true>{});
        return true;
    case QuantType::Q6_K:
        f(Storage<QuantType::Q6_K, true>{});
        return true;
    default:
        return false;
    }
}

/// Calls `f(Storage<...>{})` with the storage of a matrix.
template <class F>
void dispatchStorage(const Matrix& m, F&& f) {
    if (m.packed) {
        dispatchPacked(m.type, f);
        return;
    }
    switch (m.type) {
    case QuantType::F32:
        return f(Storage<QuantType::F32, false>{});
    case QuantType::F16:
        return f(Storage<QuantType::F16, false>{});
    case QuantType::BF16:
        return f(Storage<QuantType::BF16, false>{});
    case QuantType::Q4_0:
        return f(Storage<QuantType::Q4_0, false>{});
    case QuantType::Q4_1:
        return f(Storage<QuantType::Q4_1, false>{});
    case QuantType::Q5_0:
        return f(Storage<QuantType::Q5_0, false>{});
    case QuantType::Q5_1:
        return f(Storage<QuantType::Q5_1, false>{});
    case QuantType::Q8_0:
        return f(Storage<QuantType::Q8_0, false>{});
    case QuantType::Q2_K:
        return f(Storage<QuantType::Q2_K, false>{});
    case QuantType::Q3_K:
        return f(Storage<QuantType::Q3_K, false>{});
    case QuantType::Q4_K:
        return f(Storage<QuantType::Q4_K, false>{});
    case QuantType::Q5_K:
        return f(Storage<QuantType::Q5_K, false>{});
    case QuantType::Q6_K:
        return f(Storage<QuantType::Q6_K, false>{});
    case QuantType::Q8_K:
        return f(Storage<QuantType::Q8_K, false>{});
    case QuantType::IQ4_NL:
        return f(Storage<QuantType::IQ4_NL, false>{});
    case QuantType::IQ4_XS:
        return f(Storage<QuantType::IQ4_XS, false>{});
    case QuantType::TQ1_0:
        return f(Storage<QuantType::TQ1_0, false>{});
    case QuantType::TQ2_0:
        return f(Storage<QuantType::TQ2_0, false>{});
    case QuantType::MXFP4:
        return f(Storage<QuantType::MXFP4, false>{});
    }
}

} // namespace altiplano::kernels::cuda
