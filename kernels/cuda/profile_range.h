#pragma once

#ifdef ALTIPLANO_NVTX
#include <nvtx3/nvToolsExt.h>
#endif

namespace altiplano::kernels::cuda {

/// Names what the calling thread does, for profilers that read NVTX (Nsight Systems), from here to the end of the
/// scope. Nothing at all unless the build has ALTIPLANO_NVTX.
class ProfileRange {
public:
#ifdef ALTIPLANO_NVTX
    explicit ProfileRange(const char* name) { nvtxRangePushA(name); }
    ~ProfileRange() { nvtxRangePop(); }
#else
    explicit ProfileRange(const char*) {}
#endif
    ProfileRange(const ProfileRange&) = delete;
    ProfileRange& operator=(const ProfileRange&) = delete;
};

} // namespace altiplano::kernels::cuda
