#include "host_mask.h"

#include "cuda_check.h"

namespace altiplano::kernels::cuda {

namespace {

constexpr std::uint32_t kThreads = 1024;

/// One block a row: all its threads wait for the same mask, and no sampling can start before.
__global__ void __launch_bounds__(kThreads)
    maskKernel(HostMasks masks, SequenceState* sequences, float* logits, std::uint32_t vocabulary) {
    __shared__ std::uint32_t arrived;
    const std::uint32_t row = blockIdx.x;
    SequenceState& state = sequences[row];
    if (state.remaining == 0) return;
    if (threadIdx.x == 0) {
        const std::uint32_t wanted = state.emitted + 1;
        auto* number = const_cast<volatile std::uint32_t*>(masks.number + row);
        std::uint32_t seen = *number;
        while (seen < wanted) {
#if __CUDA_ARCH__ >= 700
            __nanosleep(500);
#endif
            seen = *number;
        }
        __threadfence_system(); // the bits were written before the number
        arrived = seen;
    }
    __syncthreads();
    if (arrived == HostMasks::kNoMask) return;
    if (arrived == HostMasks::kGiveUp) {
        if (threadIdx.x == 0) state.remaining = 0;
        return;
    }
    const volatile std::uint32_t* bits = masks.bits + std::size_t{row} * masks.words;
    for (std::uint32_t word = threadIdx.x; word < masks.words; word += kThreads) {
        const std::uint32_t allowed = bits[word];
        for (std::uint32_t i = word * 32; i < min(word * 32 + 32, vocabulary); ++i)
            if (!(allowed >> i % 32 & 1)) logits[std::size_t{row} * vocabulary + i] = -INFINITY;
    }
}

} // namespace

void applyMasks(const HostMasks& masks, SequenceState* sequences, float* logits, std::uint32_t vocabulary,
                std::uint32_t rows, cudaStream_t stream) {
    maskKernel<<<rows, kThreads, 0, stream>>>(masks, sequences, logits, vocabulary);
    check(cudaGetLastError(), "masking logits");
}

} // namespace altiplano::kernels::cuda
