#pragma once

#include "cpu/thread_pool.h"

namespace altiplano::kernels {

/// Bytes per second that the pool's threads together read from memory, on a buffer beyond most caches. Takes
/// some 15 ms. 0 where there is no memory to try it on.
double readBandwidth(ThreadPool& pool);

} // namespace altiplano::kernels
