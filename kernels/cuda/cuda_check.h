#pragma once

#include "kernels/backend.h"

#include <cuda_runtime_api.h>
#include <string>

namespace altiplano::kernels::cuda {

/// Throws the typed error for a CUDA status that is not success; `what` says what was being done.
inline void check(cudaError_t status, const char* what) {
    if (status == cudaSuccess) return;
    static_cast<void>(cudaGetLastError()); // the error is reported here, not again by a later call
    const auto kind =
        status == cudaErrorMemoryAllocation ? BackendError::Kind::OutOfMemory : BackendError::Kind::Device;
    throw BackendError(kind, std::string("The GPU failed while ") + what + ": " + cudaGetErrorString(status));
}

} // namespace altiplano::kernels::cuda
