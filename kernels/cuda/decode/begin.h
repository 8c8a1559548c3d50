#pragma once

#include "generic/generic.h"

namespace altiplano::kernels::cuda {

/// The first kernel of a decode step: x = table[token] of each row (also rounded: kInputScale), and its
/// rotary table. It lets the next kernel start only when everything before it is complete, so that every
/// kernel of the step may read the row, its page table and older K and V without waiting. `stamps` get
/// when it began and when its last block was done; may be null.
void beginStep(const Matrix& table, const Rows& rows, float* x, __half* rounded,
               const float* inverseFrequency, std::uint32_t pairs, float magnitude, float2* cosSin,
               unsigned long long* stamps, cudaStream_t stream);

} // namespace altiplano::kernels::cuda
