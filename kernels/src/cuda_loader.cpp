#include "kernels/cuda_backend.h"

#include "cuda_module.h"

#include <array>
#include <dlfcn.h>
#include <filesystem>

namespace altiplano::kernels {

namespace {

constexpr const char* kModuleName = "libaltiplano_cuda.so";

std::string findModule() {
    std::error_code error;
    const auto folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    for (const char* place : {".", "../lib", "../lib/altiplano"}) {
        const auto path = folder / place / kModuleName;
        if (std::filesystem::exists(path, error)) return path.string();
    }
    return {};
}

} // namespace

CudaSearch findCudaBackend(const CudaOptions& options) {
    const std::string path = options.module.empty() ? findModule() : options.module;
    if (path.empty()) return {nullptr, "this build has no CUDA module"};
    void* module = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!module) return {nullptr, std::string("the CUDA module does not load: ") + dlerror()};
    const auto open = reinterpret_cast<OpenCudaDevice*>(dlsym(module, kOpenCudaDeviceName));
    if (!open) return {nullptr, "the CUDA module is of another version of the program"};
    std::array<char, 512> reason{};
    std::unique_ptr<Backend> backend(open(options.device, reason.data(), reason.size()));
    return {std::move(backend), reason.data()};
}

} // namespace altiplano::kernels
