#pragma once

// Only for *_avx2.cpp, *_avx512.cpp and *_amx.cpp, see unroll.h.

#include "cpu/unroll.h"

#include "kernels/quant_type.h"

namespace altiplano::kernels {
namespace {

/// use<type>(), with the type as a constant.
template <typename Use>
auto withType(QuantType type, Use use) {
    using enum QuantType;
    switch (type) {
    case F32:
        return use.template operator()<F32>();
    case F16:
        return use.template operator()<F16>();
    case BF16:
        return use.template operator()<BF16>();
    case Q4_0:
        return use.template operator()<Q4_0>();
    case Q4_1:
        return use.template operator()<Q4_1>();
    case Q5_0:
        return use.template operator()<Q5_0>();
    case Q5_1:
        return use.template operator()<Q5_1>();
    case Q8_0:
        return use.template operator()<Q8_0>();
    case Q2_K:
        return use.template operator()<Q2_K>();
    case Q3_K:
        return use.template operator()<Q3_K>();
    case Q4_K:
        return use.template operator()<Q4_K>();
    case Q5_K:
        return use.template operator()<Q5_K>();
    case Q6_K:
        return use.template operator()<Q6_K>();
    case Q8_K:
        return use.template operator()<Q8_K>();
    case IQ4_NL:
        return use.template operator()<IQ4_NL>();
    case IQ4_XS:
        return use.template operator()<IQ4_XS>();
    case TQ1_0:
        return use.template operator()<TQ1_0>();
    case TQ2_0:
        return use.template operator()<TQ2_0>();
    case MXFP4:
        return use.template operator()<MXFP4>();
    }
    __builtin_unreachable();
}

} // namespace
} // namespace altiplano::kernels
