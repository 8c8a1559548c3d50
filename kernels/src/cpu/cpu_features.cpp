#include "cpu/cpu_features.h"

#include <cpuid.h>
#include <cstdint>
#include <sys/syscall.h>
#include <unistd.h>

namespace altiplano::kernels {
namespace {

struct CpuidResult {
    unsigned a = 0, b = 0, c = 0, d = 0;
};

CpuidResult cpuid(unsigned leaf, unsigned subleaf) {
    CpuidResult r;
    __get_cpuid_count(leaf, subleaf, &r.a, &r.b, &r.c, &r.d);
    return r;
}

/// The register states that the operating system saves.
std::uint64_t enabledStates() {
    std::uint32_t low = 0, high = 0;
    asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return static_cast<std::uint64_t>(high) << 32 | low;
}

bool allowTileRegisters() {
    constexpr long kRequestPermission = 0x1023, kTileData = 18; // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILE_DATA
    return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

bool findAmx() {
    constexpr unsigned kAmxBf16 = 1u << 22, kAmxTile = 1u << 24;
    constexpr std::uint64_t kTileStates = 3u << 17;
    const unsigned wanted = kAmxBf16 | kAmxTile;
    return hasAvx512Bf16() && (cpuid(7, 0).d & wanted) == wanted &&
           (enabledStates() & kTileStates) == kTileStates && allowTileRegisters();
}

} // namespace

bool hasAvx2() {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); // every such CPU has F16C too
}

bool hasAvx512() {
    return hasAvx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512vnni");
}

bool hasAvx512Bf16() {
    constexpr unsigned kAvx512Bf16 = 1u << 5;
    return hasAvx512() && (cpuid(7, 1).a & kAvx512Bf16) != 0;
}

bool hasAmx() {
    static const bool has = findAmx();
    return has;
}

} // namespace altiplano::kernels
