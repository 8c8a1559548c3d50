#pragma once

#include <string>

namespace altiplano::engine {

class GgufFile;

/// The quantization of a whole file as people call it ("Q4_K_M"): from general.file_type, else the type that
/// holds most of its bytes.
std::string quantizationName(const GgufFile& file);

} // namespace altiplano::engine
