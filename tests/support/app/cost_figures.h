#pragma once

#include <algorithm>
#include <ctime>
#include <vector>

namespace altiplano::app {

/// CPU time that the calling thread has taken so far.
inline double threadSeconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// The value below which that share of them lies, the nearest there is; 0 of none.
inline double quantile(std::vector<double> values, double at) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(at * static_cast<double>(values.size() - 1) + 0.5)];
}

} // namespace altiplano::app
