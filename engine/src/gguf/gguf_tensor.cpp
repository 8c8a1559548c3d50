#include "engine/gguf_file.h"

#include "kernels/tensor_view.h"

namespace altiplano::engine {

std::string_view GgufTensor::typeName() const {
    return kernels::quantTraits(static_cast<kernels::QuantType>(type)).name;
}

kernels::TensorView GgufTensor::view() const {
    std::uint64_t rows = 1;
    for (std::size_t i = 1; i < dimensions.size(); ++i)
        rows *= dimensions[i];
    return {static_cast<kernels::QuantType>(type), static_cast<std::int64_t>(rows),
            static_cast<std::int64_t>(dimensions[0]), data};
}

} // namespace altiplano::engine
