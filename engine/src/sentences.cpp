#include "sentences.h"

#include <cstdio>

namespace altiplano::engine {

std::string withSeparators(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t i = text.size(); i > 3; i -= 3)
        text.insert(i - 3, 1, ',');
    return text;
}

std::string byteText(std::uint64_t bytes) {
    char text[32];
    if (bytes >= 1'000'000'000)
        std::snprintf(text, sizeof text, "%.1f GB", static_cast<double>(bytes) / 1e9);
    else
        std::snprintf(text, sizeof text, "%.0f MB", static_cast<double>(bytes) / 1e6);
    return text;
}

Error asError(const kernels::BackendError& error) {
    switch (error.kind) {
    case kernels::BackendError::Kind::OutOfMemory:
        return {ErrorCode::OutOfMemory, error.what()};
    case kernels::BackendError::Kind::Unsupported:
        return {ErrorCode::Unsupported, error.what()};
    case kernels::BackendError::Kind::Device:
        break;
    }
    return {ErrorCode::Device, error.what()};
}

} // namespace altiplano::engine
