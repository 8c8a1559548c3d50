#pragma once

#include "decode/ptx.cuh"

/// Hopper's warpgroup products (wgmma, PTX ISA 8.0): 64 weight rows from registers times some tokens from
/// shared memory, 16 columns at a time, float32 sums. Four warps call everything here together.
namespace altiplano::kernels::cuda {

/// Describes tokens x 64 columns of halves in shared memory: blocks of 8 tokens x 128 bytes, one after the
/// other, each swizzled (16-byte piece i of token t stands at piece i ^ t % 8). 1024-byte aligned.
__device__ __forceinline__ std::uint64_t tokenDescriptor(std::uint32_t address) {
    constexpr std::uint64_t kSwizzle128 = std::uint64_t{1} << 62,
                            kBlockStride = std::uint64_t{1024 / 16} << 32, kUnused = std::uint64_t{1} << 16;
    return kSwizzle128 | kBlockStride | kUnused | (address & 0x3FFFF) >> 4;
}

/// What one step of 16 columns adds to a descriptor.
inline constexpr std::uint64_t kNextSixteen = 32 / 16;

__device__ __forceinline__ void beginWgmma() {
    asm volatile("wgmma.fence.sync.aligned;" ::: "memory");
}

/// Operands in registers must be complete before beginWgmma: the compiler may not compute them any later.
__device__ __forceinline__ void completeOperand(std::uint32_t (&a)[4]) {
    asm volatile("" : "+r"(a[0]), "+r"(a[1]), "+r"(a[2]), "+r"(a[3])::"memory");
}

__device__ __forceinline__ void commitWgmma() {
    asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory");
}

/// Waits until at most `Pending` committed groups still run.
template <int Pending>
__device__ __forceinline__ void waitForWgmma() {
    asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(Pending) : "memory");
}

#define ALTIPLANO_SUMS_4(c, i) "+f"(c[i]), "+f"(c[i + 1]), "+f"(c[i + 2]), "+f"(c[i + 3])
#define ALTIPLANO_SUMS_8(c, i) ALTIPLANO_SUMS_4(c, i), ALTIPLANO_SUMS_4(c, i + 4)
#define ALTIPLANO_SUMS_16(c, i) ALTIPLANO_SUMS_8(c, i), ALTIPLANO_SUMS_8(c, i + 8)
#define ALTIPLANO_SUMS_32(c, i) ALTIPLANO_SUMS_16(c, i), ALTIPLANO_SUMS_16(c, i + 16)
#define ALTIPLANO_SUMS_64(c, i) ALTIPLANO_SUMS_32(c, i), ALTIPLANO_SUMS_32(c, i + 32)
#define ALTIPLANO_NAMES_4 "%0,%1,%2,%3"
#define ALTIPLANO_NAMES_8 ALTIPLANO_NAMES_4 ",%4,%5,%6,%7"
#define ALTIPLANO_NAMES_16 ALTIPLANO_NAMES_8 ",%8,%9,%10,%11,%12,%13,%14,%15"
#define ALTIPLANO_NAMES_32                                                                                   \
    ALTIPLANO_NAMES_16 ",%16,%17,%18,%19,%20,%21,%22,%23,%24,%25,%26,%27,%28,%29,%30,%31"
#define ALTIPLANO_NAMES_64                                                                                   \
    ALTIPLANO_NAMES_32 ",%32,%33,%34,%35,%36,%37,%38,%39,%40,%41,%42,%43,%44,%45,%46,%47,"                   \
                       "%48,%49,%50,%51,%52,%53,%54,%55,%56,%57,%58,%59,%60,%61,%62,%63"
/// `sums` float32 per thread; a0 to a3, the descriptor and the flag are the operands that follow them.
#define ALTIPLANO_WGMMA(tokens, sums, a0, a1, a2, a3, descriptor, flag)                                      \
    asm volatile("{\n.reg .pred add;\nsetp.ne.b32 add, %" #flag ", 0;\n"                                     \
                 "wgmma.mma_async.sync.aligned.m64n" #tokens "k16.f32.f16.f16 {" ALTIPLANO_NAMES_##sums      \
                 "}, {%" #a0 ",%" #a1 ",%" #a2 ",%" #a3 "}, %" #descriptor ", add, 1, 1, 0;\n}"              \
                 : ALTIPLANO_SUMS_##sums(c, 0)                                                               \
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b), "r"(add))

/// c (+)= a b. Thread l of warp w holds, for rows 16 w + l / 4 and that + 8: in `a`, columns 2 (l % 4), + 1
/// ([0] and [1]) and those + 8 ([2], [3]); in `c`, tokens 8 j + 2 (l % 4), + 1 ([4 j], [4 j + 1] and, of the
/// second row, [4 j + 2], [4 j + 3]). Starts from zero where `add` is 0. Both stay in use until waited for.
template <std::uint32_t Tokens>
__device__ __forceinline__ void wgmma(float (&c)[Tokens / 2], const std::uint32_t (&a)[4], std::uint64_t b,
                                      std::uint32_t add) {
    if constexpr (Tokens == 8)
        ALTIPLANO_WGMMA(8, 4, 4, 5, 6, 7, 8, 9);
    else if constexpr (Tokens == 16)
        ALTIPLANO_WGMMA(16, 8, 8, 9, 10, 11, 12, 13);
    else if constexpr (Tokens == 32)
        ALTIPLANO_WGMMA(32, 16, 16, 17, 18, 19, 20, 21);
    else if constexpr (Tokens == 64)
        ALTIPLANO_WGMMA(64, 32, 32, 33, 34, 35, 36, 37);
    else {
        static_assert(Tokens == 128);
        ALTIPLANO_WGMMA(128, 64, 64, 65, 66, 67, 68, 69);
    }
}

/// Describes some rows x 16 columns of packed half floats (packedTraits): 8 rows x 16 bytes lie together, the
/// eight columns that follow 512 bytes on, the next eight rows a unit on.
__device__ __forceinline__ std::uint64_t weightDescriptor(std::uint32_t address) {
    return std::uint64_t{1024 / 16} << 32 | std::uint64_t{512 / 16} << 16 | (address & 0x3FFFF) >> 4;
}

/// What one step of 16 columns adds to it.
inline constexpr std::uint64_t kNextWeights = 128 / 16;

/// Describes 64 tokens x some columns as tokenDescriptor does, to be multiplied along the tokens: 64 columns
/// of all tokens, then the next 64.
__device__ __forceinline__ std::uint64_t valueDescriptor(std::uint32_t address) {
    return (tokenDescriptor(address) & ~(std::uint64_t{0x3FFF} << 16)) | std::uint64_t{64 * 128 / 16} << 16;
}

/// What one step of 16 tokens adds to it.
inline constexpr std::uint64_t kNextTokens = 16 * 128 / 16;

#define ALTIPLANO_WGMMA_ALONG(columns, sums, a0, a1, a2, a3, descriptor)                                     \
    asm volatile("wgmma.mma_async.sync.aligned.m64n" #columns "k16.f32.f16.f16 {" ALTIPLANO_NAMES_##sums     \
                 "}, {%" #a0 ",%" #a1 ",%" #a2 ",%" #a3 "}, %" #descriptor ", 1, 1, 1, 1;"                   \
                 : ALTIPLANO_SUMS_##sums(c, 0)                                                               \
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b))

/// c += a b, where `b` is a valueDescriptor: `a` has weights of 16 tokens.
template <std::uint32_t Columns>
__device__ __forceinline__ void wgmmaAlong(float (&c)[Columns / 2], const std::uint32_t (&a)[4],
                                           std::uint64_t b) {
    if constexpr (Columns == 64)
        ALTIPLANO_WGMMA_ALONG(64, 32, 32, 33, 34, 35, 36);
    else {
        static_assert(Columns == 128);
        ALTIPLANO_WGMMA_ALONG(128, 64, 64, 65, 66, 67, 68);
    }
}

#define ALTIPLANO_NAMES_48                                                                                   \
    ALTIPLANO_NAMES_32 ",%32,%33,%34,%35,%36,%37,%38,%39,%40,%41,%42,%43,%44,%45,%46,%47"
#define ALTIPLANO_NAMES_56 ALTIPLANO_NAMES_48 ",%48,%49,%50,%51,%52,%53,%54,%55"
#define ALTIPLANO_SUMS_48(c, i) ALTIPLANO_SUMS_32(c, i), ALTIPLANO_SUMS_16(c, i + 32)
#define ALTIPLANO_SUMS_56(c, i) ALTIPLANO_SUMS_48(c, i), ALTIPLANO_SUMS_8(c, i + 48)
/// `sums` float32 per thread; the descriptors are the operands that follow them.
#define ALTIPLANO_WGMMA_SHARED(rows, sums, tokens, weights)                                                  \
    asm volatile("wgmma.mma_async.sync.aligned.m64n" #rows "k16.f32.f16.f16 {" ALTIPLANO_NAMES_##sums        \
                 "}, %" #tokens ", %" #weights ", 1, 1, 1, 0, 0;"                                            \
                 : ALTIPLANO_SUMS_##sums(c, 0)                                                               \
                 : "l"(a), "l"(b))

/// c += a b, both from shared memory: `a` describes 64 tokens, `b` some weight rows. In `c` a thread holds of
/// tokens what it holds of weight rows above, and the other way round.
template <std::uint32_t Rows>
__device__ __forceinline__ void wgmmaTile(float (&c)[Rows / 2], std::uint64_t a, std::uint64_t b) {
    if constexpr (Rows == 64)
        ALTIPLANO_WGMMA_SHARED(64, 32, 32, 33);
    else if constexpr (Rows == 96)
        ALTIPLANO_WGMMA_SHARED(96, 48, 48, 49);
    else if constexpr (Rows == 112)
        ALTIPLANO_WGMMA_SHARED(112, 56, 56, 57);
    else {
        static_assert(Rows == 128);
        ALTIPLANO_WGMMA_SHARED(128, 64, 64, 65);
    }
}

} // namespace altiplano::kernels::cuda
