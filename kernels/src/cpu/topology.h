#pragma once

#include <cstdint>
#include <string>

namespace altiplano::kernels {

/// Physical cores that this process may use: those of its affinity mask (hyperthreads of one core counted
/// once), and no more than its control group's CPU quota. At least 1.
std::uint32_t usableCores();

/// The CPU's name as its maker writes it; "CPU" where it does not say.
std::string cpuName();

/// Bytes of memory, and of what a new allocation could get without swapping. 0 where the system does not say.
struct SystemMemory {
    std::uint64_t total = 0;
    std::uint64_t available = 0;
};
SystemMemory systemMemory();

} // namespace altiplano::kernels
