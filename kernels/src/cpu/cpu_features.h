#pragma once

namespace altiplano::kernels {

/// Whether this CPU and its operating system run what the files of a name are compiled for.

bool hasAvx2();       ///< *_avx2.cpp: AVX2, FMA, F16C
bool hasAvx512();     ///< *_avx512.cpp: AVX-512 F, BW, DQ, VL and VNNI
bool hasAvx512Bf16(); ///< *_avx512bf16.cpp: those and AVX-512 BF16

/// *_amx.cpp: those of hasAvx512, AVX-512 BF16, AMX-TILE and AMX-BF16. The first call asks the kernel to let
/// this process use the tile registers (Documentation/arch/x86/xstate.rst in Linux).
bool hasAmx();

} // namespace altiplano::kernels
