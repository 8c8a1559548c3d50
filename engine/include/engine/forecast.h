#pragma once

#include "engine/model.h"
#include "engine/model_summary.h"
#include "engine/placement.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace altiplano::kernels {
class Backend;
struct Plan;
} // namespace altiplano::kernels

namespace altiplano::engine {

/// Bytes of memory on the devices of this machine.
struct DeviceBytes {
    std::uint64_t cpu = 0, gpu = 0;
};

/// What loading and running a model will come to.
struct Forecast {
    Placement placement;
    MemoryEstimate onCpu, onGpu;
    DeviceBytes free; ///< for this model; 0: not known, or there is no such device
    bool fits = true;
    /// Of one that does not fit: the longest of a half, a quarter, ... of the context that does; 0: none.
    std::uint32_t contextThatFits = 0;
};

/// Says before loading what it will take, by the arithmetic that loading uses, from a file's header alone.
/// Keeps the GPU open once it has looked for one. Used by one thread at a time.
class Forecaster {
public:
    /// Stands in for the machine in tests; what is empty is found out.
    struct Machine {
        std::function<std::unique_ptr<kernels::Backend>()> makeGpu; ///< null from it: there is none
        std::function<std::uint64_t()> freeCpuBytes;
    };

    Forecaster();
    explicit Forecaster(Machine machine);
    ~Forecaster();

    /// What loading the file with these options would take now; `givenBack` is free by then. Errors as
    /// ModelConfig::fromGguf, and Error{Device} where the options insist on a GPU that is not there.
    Forecast forecast(const GgufFile& file, const LoadOptions& options, const DeviceBytes& givenBack = {});

private:
    void findGpu();
    Forecast shortenedToFit(const kernels::Plan& plan, const LoadOptions& options,
                            const DeviceBytes& free) const;
    Forecast at(const kernels::Plan& plan, const LoadOptions& options, const DeviceBytes& free) const;

    Machine m_machine;
    bool m_searched = false;
    std::unique_ptr<kernels::Backend> m_gpu; ///< null: none
    std::string m_whyNoGpu;
};

} // namespace altiplano::engine
