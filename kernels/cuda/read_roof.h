#pragma once

namespace altiplano::kernels::cuda {

/// Bytes per second at which one kernel reads a large array on the current device; 0 where there is too
/// little free memory to tell. The roof that decoding is measured against.
double measureReadRoof();

} // namespace altiplano::kernels::cuda
