#pragma once

#include "kernels/backend.h"

#include <memory>
#include <string>

namespace altiplano::kernels {

struct CudaOptions {
    int device = 0;
    std::string module; ///< path of libaltiplano_cuda.so; empty: beside the executable, or in ../lib of it
};

/// A GPU backend, or the sentence that says why there is none.
struct CudaSearch {
    std::unique_ptr<Backend> backend;
    std::string reason;
};

/// Loads the CUDA module and opens a device. Never throws for want of a module, a driver or a GPU: nothing of
/// CUDA is linked into the caller. The module stays loaded.
CudaSearch findCudaBackend(const CudaOptions& options = {});

} // namespace altiplano::kernels
