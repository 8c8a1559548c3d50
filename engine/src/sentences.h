#pragma once

#include "engine/error.h"

#include "kernels/backend.h"

#include <cstdint>
#include <string>

namespace altiplano::engine {

std::string withSeparators(std::uint64_t number); ///< "131,072"
std::string byteText(std::uint64_t bytes);        ///< "6.2 GB", "80 MB"

Error asError(const kernels::BackendError& error); ///< the same failure with engine's code

} // namespace altiplano::engine
