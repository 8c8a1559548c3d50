#include "engine/gguf_file.h"

#include "kernels/quant_type.h"

namespace altiplano::engine {

std::string_view GgufTensor::typeName() const {
    const kernels::QuantTraits* traits = kernels::findQuantTraits(type);
    return traits ? traits->name : "unknown";
}

} // namespace altiplano::engine
