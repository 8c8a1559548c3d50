#include "cpu/topology.h"

#include "kernels/backend.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cpuid.h>
#include <cstring>
#include <fstream>
#include <numeric>
#include <sched.h>
#include <set>
#include <thread>
#include <vector>

namespace altiplano::kernels {
namespace {

/// The first line of a file; empty where it cannot be read.
std::string firstLine(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

/// CPUs' worth of time that the control group allows; infinite where it sets no limit.
double cpuQuota() {
    std::ifstream file("/sys/fs/cgroup/cpu.max");
    double quota = 0, period = 0;
    return file >> quota >> period && period > 0 && quota > 0 ? quota / period : INFINITY;
}

/// The CPUs of this process's affinity mask.
std::vector<int> allowedCpus() {
    std::vector<int> cpus;
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
        cpus.resize(std::max(1u, std::thread::hardware_concurrency()));
        std::iota(cpus.begin(), cpus.end(), 0);
        return cpus;
    }
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
        if (CPU_ISSET(cpu, &allowed)) cpus.push_back(cpu);
    return cpus;
}

std::uint32_t withinQuota(std::size_t count) {
    const double limit = std::min(static_cast<double>(count), std::ceil(cpuQuota()));
    return std::max(1u, static_cast<std::uint32_t>(limit));
}

} // namespace

std::uint32_t usableCpus() {
    return withinQuota(allowedCpus().size());
}

std::uint32_t usableCores() {
    std::set<std::string> cores; // a core is known by the list of its hyperthreads
    for (const int cpu : allowedCpus()) {
        const std::string name = std::to_string(cpu);
        const std::string siblings =
            firstLine("/sys/devices/system/cpu/cpu" + name + "/topology/thread_siblings_list");
        cores.insert(siblings.empty() ? name : siblings);
    }
    return withinQuota(cores.size());
}

std::string cpuName() {
    std::array<unsigned, 12> words{};
    unsigned a = 0, b = 0, c = 0, d = 0;
    if (!__get_cpuid(0x80000000, &a, &b, &c, &d) || a < 0x80000004) return "CPU";
    for (unsigned i = 0; i < 3; ++i)
        __get_cpuid(0x80000002 + i, &words[4 * i], &words[4 * i + 1], &words[4 * i + 2], &words[4 * i + 3]);
    std::array<char, sizeof words + 1> text{};
    std::memcpy(text.data(), words.data(), sizeof words);
    const std::string name(text.data());
    const std::size_t first = name.find_first_not_of(' '), last = name.find_last_not_of(' ');
    return first == std::string::npos ? "CPU" : name.substr(first, last - first + 1);
}

SystemMemory systemMemory() {
    SystemMemory memory;
    std::ifstream file("/proc/meminfo");
    std::string key, unit;
    for (std::uint64_t kilobytes = 0; file >> key >> kilobytes; std::getline(file, unit)) {
        if (key == "MemTotal:") memory.total = kilobytes * 1024;
        if (key == "MemAvailable:") memory.available = kilobytes * 1024;
    }
    return memory;
}

} // namespace altiplano::kernels
