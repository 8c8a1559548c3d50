#include "decode/product.h"

#include "decode/launch.h"
#include "decode/product_input.cuh"
#include "decode/product_stream.cuh"
#include "type_dispatch.cuh"

namespace altiplano::kernels::cuda {

namespace {

/// A finished sum of a weight row. `pair` is the sum of the row that stands beside it in the packed matrix.
struct RowSum {
    std::uint32_t role, row; ///< which matrix of the step, and its packed row
    bool even;
    float value, pair;
};

__device__ float withBias(const StreamPart& m, std::uint32_t tensorRow, float value) {
    return m.bias ? value + m.bias[tensorRow] : value;
}

/// What the step does with its sums. `Early` is what it reads for a row as soon as the input is there, so
/// that nothing is waited for at the end.
struct FinishQkv {
    static constexpr bool kNorm = true;
    QkvResult out;
    using Early = float2;

    __device__ Early early(const StreamPart&, std::uint32_t role, std::uint32_t row) const {
        const std::uint32_t d = row % out.headDim;
        return role < 2 && d < out.rotated ? __ldcg(out.cosSin + d / 2) : make_float2(1, 0);
    }
    __device__ void finish(const StreamPart& m, const RowSum& s, const Early& cs) const {
        const std::uint32_t row = m.order.tensorRow(s.row);
        float value = withBias(m, row, s.value);
        if (s.role < 2) {
            // Packed rows 2i and 2i + 1 turn together whatever the pairing; the bias is added before the
            // turn.
            const std::uint32_t other = m.order.tensorRow(s.row ^ 1);
            const float pair = other < m.rows ? withBias(m, other, s.pair) : 0.0f;
            if (s.row % out.headDim < out.rotated)
                value = s.even ? value * cs.x - pair * cs.y : value * cs.x + pair * cs.y;
        }
        if (s.role == 0)
            out.q[row] = value;
        else
            out.newKv[(s.role == 2 ? out.kvRows : 0) + row] = value;
    }
};

template <class Input>
struct FinishResidual {
    static constexpr bool kNorm = false;
    float* x;
    using Early = float;

    __device__ Early early(const StreamPart&, std::uint32_t, std::uint32_t row) const {
        return __ldcg(x + row);
    }
    __device__ void finish(const StreamPart& m, const RowSum& s, const Early& before) const {
        x[s.row] = before + withBias(m, s.row, s.value);
    }
};

template <class H>
struct FinishGateUp {
    static constexpr bool kNorm = true;
    H* h;
    struct Early {};

    __device__ Early early(const StreamPart&, std::uint32_t, std::uint32_t) const { return {}; }
    __device__ void finish(const StreamPart& m, const RowSum& s, const Early&) const {
        if (!s.even) return;
        const float gate = withBias(m, s.row, s.value), up = withBias(m, s.row + 1, s.pair);
        const float value = gate / (1.0f + __expf(-gate)) * up;
        if constexpr (std::is_same_v<H, float>)
            h[s.row / 2] = value;
        else
            h[s.row / 2] = __float2half_rn(value * kHalfScale);
    }
};

struct FinishLogits {
    static constexpr bool kNorm = true;
    float* logits;
    struct Early {};

    __device__ Early early(const StreamPart&, std::uint32_t, std::uint32_t) const { return {}; }
    __device__ void finish(const StreamPart& m, const RowSum& s, const Early&) const {
        logits[s.row] = withBias(m, s.row, s.value);
    }
};

/// The part and packed row of the block's t-th row; part == partCount where there is none.
__device__ __forceinline__ void locate(const Product& p, std::uint32_t t, std::uint32_t& part,
                                       std::uint32_t& row) {
    std::uint32_t group = p.firstGroup[blockIdx.x] + t / kGroupRows;
    part = p.partCount;
    if (group >= p.firstGroup[blockIdx.x + 1]) return;
    for (part = 0; group >= p.parts[part].groups; ++part)
        group -= p.parts[part].groups;
    row = group * kGroupRows + t % kGroupRows;
    if (row >= p.parts[part].rows) part = p.partCount;
}

template <class Finish>
struct InputOf {
    using Type = float;
};
template <class Input>
struct InputOf<FinishResidual<Input>> {
    using Type = Input;
};

template <class Finish, QuantType T, QuantType U>
__global__ void __launch_bounds__(kStreamThreads, 1)
    productKernel(const __grid_constant__ Product p, NormInput in, Finish finish) {
    extern __shared__ __align__(128) std::uint8_t shared[];
    letNextKernelStart();
    const ProductShared& at = p.shared;
    const std::uint32_t base = sharedAddress(shared);
    const std::uint32_t inputReady = base + at.inputReady;
    Ring ring{base + at.slots, base + at.barriers, base + at.barriers + kMaxSlots * 8, p.slots, p.slotBytes};
    if (threadIdx.x == 0) {
        initBarrier(inputReady, 1);
        ring.init(kConsumerWarps);
    }
    __syncthreads();
    if (threadIdx.x >= kConsumers) {
        if (threadIdx.x == kConsumers) produce(p, ring, inputReady);
        return;
    }

    NormWeights weights;
    if (Finish::kNorm) weights.load(in.weight, p.columns);
    waitForPreviousKernel();
    const Activations input{base + at.quants, base + at.scales, base + at.sums, base + at.floats};
    float squares = loadInput<Finish::kNorm, typename InputOf<Finish>::Type>(
        in.x, in.weight, weights, p.columns, input, p.int8Input, p.floatInput);
    auto* squareSums = reinterpret_cast<float*>(shared + at.squares);
    if (Finish::kNorm) {
        for (int offset = 16; offset > 0; offset /= 2)
            squares += __shfl_xor_sync(0xffffffffu, squares, offset);
        if (threadIdx.x % 32 == 0) squareSums[threadIdx.x / 32] = squares;
    }
    std::uint32_t part, row = 0;
    locate(p, threadIdx.x, part, row);
    typename Finish::Early early{};
    if (part < p.partCount) early = finish.early(p.parts[part], p.parts[part].role, row);
    syncConsumers<kConsumers>();
    if (threadIdx.x == 0) arrive(inputReady);

    auto* partials = reinterpret_cast<float*>(shared + at.partials);
    consume<T, U>(p, ring, input, partials);
    syncConsumers<kConsumers>();

    float factor = 1;
    if (Finish::kNorm) {
        float total = 0;
        for (std::uint32_t w = 0; w < kConsumerWarps; ++w)
            total += squareSums[w];
        factor = rsqrtf(total / static_cast<float>(p.columns) + in.epsilon);
    }
    const std::uint32_t rows = (p.firstGroup[blockIdx.x + 1] - p.firstGroup[blockIdx.x]) * kGroupRows;
    for (std::uint32_t first = 0; first < rows; first += kConsumers) {
        const std::uint32_t t = first + threadIdx.x;
        if (first > 0) {
            locate(p, t, part, row);
            if (part < p.partCount) early = finish.early(p.parts[part], p.parts[part].role, row);
        }
        float value = 0;
        if (part < p.partCount) {
            const float* sums = partials + t / kGroupRows * kSumPitch + t % kGroupRows;
            const std::uint32_t warps = p.parts[part].groupWarps;
#pragma unroll
            for (std::uint32_t w = 0; w < kConsumerWarps; ++w)
                if (w < warps) value += sums[w * kGroupRows];
        }
        value *= factor;
        const float pair = __shfl_xor_sync(0xffffffffu, value, 1);
        if (part < p.partCount)
            finish.finish(p.parts[part], RowSum{p.parts[part].role, row, t % 2 == 0, value, pair}, early);
    }
}

/// Calls `f` with the kernel for a product's types.
template <class Finish, class F>
void withKernel(const Product& p, F&& f) {
    if constexpr (std::is_same_v<Finish, FinishQkv>)
        for (std::uint32_t i = 1; i < p.partCount; ++i)
            if (p.parts[i].type != p.parts[0].type)
                return f(productKernel<Finish, QuantType::Q4_K, QuantType::Q6_K>);
    dispatchPacked(p.parts[0].type, [&](auto storage) {
        constexpr QuantType kType = decltype(storage)::kType;
        f(productKernel<Finish, kType, kType>);
    });
}

template <class Finish>
void launch(const Product& p, const NormInput& in, const Finish& finish, cudaStream_t stream) {
    withKernel<Finish>(p, [&](auto kernel) {
        launchDependent(kernel, p.blocks, kStreamThreads, p.shared.end, 1, stream, p, in, finish);
    });
}

} // namespace

void prepare(const Product& product, Use use) {
    const auto set = [](auto kernel) { prepareKernel(kernel, kMaxSharedBytes); };
    switch (use) {
    case Use::Qkv:
        return withKernel<FinishQkv>(product, set);
    case Use::Residual:
        withKernel<FinishResidual<__half>>(product, set);
        return withKernel<FinishResidual<float>>(product, set);
    case Use::GateUp:
        withKernel<FinishGateUp<__half>>(product, set);
        return withKernel<FinishGateUp<float>>(product, set);
    case Use::Logits:
        return withKernel<FinishLogits>(product, set);
    }
}

void streamQkv(const Product& product, const NormInput& in, const QkvResult& out, cudaStream_t stream) {
    launch(product, in, FinishQkv{out}, stream);
}

void streamResidual(const Product& product, const float* in, float* x, cudaStream_t stream) {
    launch(product, NormInput{in, nullptr, 0}, FinishResidual<float>{x}, stream);
}

void streamResidual(const Product& product, const __half* in, float* x, cudaStream_t stream) {
    launch(product, NormInput{in, nullptr, 0}, FinishResidual<__half>{x}, stream);
}

void streamGateUp(const Product& product, const NormInput& in, float* h, cudaStream_t stream) {
    launch(product, in, FinishGateUp<float>{h}, stream);
}

void streamGateUp(const Product& product, const NormInput& in, __half* h, cudaStream_t stream) {
    launch(product, in, FinishGateUp<__half>{h}, stream);
}

void streamLogits(const Product& product, const NormInput& in, float* logits, cudaStream_t stream) {
    launch(product, in, FinishLogits{logits}, stream);
}

} // namespace altiplano::kernels::cuda
