#pragma once

#include <cstddef>

namespace altiplano::kernels {

class Backend;

/// The one function that libaltiplano_cuda.so exports. Returns an owned backend, or null and writes the
/// reason. The number in its name goes up when Backend changes, so that an old module is refused.
using OpenCudaDevice = Backend*(int device, char* reason, std::size_t reasonBytes);
inline constexpr const char* kOpenCudaDeviceName = "altiplanoOpenCudaDevice3";

} // namespace altiplano::kernels
