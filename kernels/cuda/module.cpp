#include "cuda_check.h"
#include "memory.h"
#include "program.h"

#include "cuda_module.h"

#include "read_roof.h"

#include <cstdio>
#include <mutex>

namespace altiplano::kernels::cuda {

namespace {

class CudaBackend final : public Backend {
public:
    explicit CudaBackend(int device) : m_device(device) {
        check(cudaSetDevice(device), "choosing the GPU");
        check(cudaGetDeviceProperties(&m_properties, device), "reading the GPU's properties");
    }

    DeviceInfo device() const override {
        DeviceInfo info;
        info.backend = "cuda";
        info.name = m_properties.name;
        info.instructions = "sm_" + std::to_string(m_properties.major * 10 + m_properties.minor);
        const Memory memory = readMemory();
        info.memoryBytes = memory.total;
        info.freeBytes = memory.free;
        std::call_once(m_measured, [&] { m_readBytesPerSecond = measureReadRoof(); });
        info.readBytesPerSecond = m_readBytesPerSecond;
        return info;
    }

    std::uint64_t freeBytes() const override { return readMemory().free; }

    MemoryNeed memoryNeeded(const Plan& plan, const StateLimits& stateLimits) const override {
        return cuda::memoryNeeded(plan, limits(), stateLimits);
    }

    std::unique_ptr<Program> upload(Plan plan, const UploadObserver& observer) override {
        check(cudaSetDevice(m_device), "choosing the GPU");
        auto uploaded = uploadPlan(plan, limits(), observer);
        if (!uploaded) return nullptr;
        return std::make_unique<CudaProgram>(std::move(*uploaded), m_device);
    }

private:
    struct Memory {
        std::size_t free = 0, total = 0;
    };
    Memory readMemory() const {
        Memory memory;
        check(cudaSetDevice(m_device), "choosing the GPU");
        check(cudaMemGetInfo(&memory.free, &memory.total), "reading the GPU's memory");
        return memory;
    }

    /// The fast kernels need bulk copies, clusters and programmatic launches: compute capability 9.0.
    StreamLimits limits() const {
        StreamLimits limits;
        limits.multiprocessors = static_cast<std::uint32_t>(m_properties.multiProcessorCount);
        if (m_properties.major >= 9) {
            limits.sharedBytesPerBlock = static_cast<std::uint32_t>(m_properties.sharedMemPerBlockOptin);
        }
        limits.warpgroupProducts = m_properties.major == 9 && m_properties.minor == 0;
        return limits;
    }

    int m_device;
    cudaDeviceProp m_properties = {};
    mutable std::once_flag m_measured;
    mutable double m_readBytesPerSecond = 0;
};

std::string whyNot(int device) {
    int count = 0;
    const cudaError_t status = cudaGetDeviceCount(&count);
    if (status == cudaErrorInsufficientDriver || status == cudaErrorNoDevice) {
        int driver = 0;
        if (cudaDriverGetVersion(&driver) != cudaSuccess || driver == 0) return "no NVIDIA driver answers";
        if (status == cudaErrorNoDevice) return "the NVIDIA driver finds no GPU";
        return "the NVIDIA driver is too old: it runs CUDA " + std::to_string(driver / 1000) + "." +
               std::to_string(driver % 1000 / 10) + " and at least " + std::to_string(CUDART_VERSION / 1000) +
               ".0 is needed";
    }
    if (status != cudaSuccess) return std::string("the NVIDIA driver failed: ") + cudaGetErrorString(status);
    if (device >= count) return "there is no GPU " + std::to_string(device);
    int major = 0, minor = 0;
    static_cast<void>(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device));
    static_cast<void>(cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, device));
    if (major * 10 + minor < 75) return "the GPU is too old: compute capability 7.5 is needed";
    return {};
}

} // namespace

} // namespace altiplano::kernels::cuda

/// See cuda_module.h.
extern "C" __attribute__((visibility("default"))) altiplano::kernels::Backend*
altiplanoOpenCudaDevice3(int device, char* reason, std::size_t reasonBytes) {
    using namespace altiplano::kernels;
    std::string why;
    try {
        why = cuda::whyNot(device);
        if (why.empty()) return new cuda::CudaBackend(device);
    } catch (const std::exception& error) {
        why = error.what();
    }
    std::snprintf(reason, reasonBytes, "%s", why.c_str());
    return nullptr;
}
