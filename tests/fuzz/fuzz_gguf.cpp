// The GGUF reader and the model's hyperparameters: any bytes either make a file whose every value can be
// read, or an Error of one line.
#include "engine/error.h"
#include "engine/gguf_file.h"
#include "engine/model_config.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <span>
#include <string_view>
#include <vector>

using namespace altiplano::engine;

namespace {

std::size_t largestAllocation = SIZE_MAX; ///< more than this aborts

void requireOneLine(const Error& error) {
    const std::string_view sentence = error.what();
    if (sentence.empty() || sentence.find('\n') != sentence.npos || sentence.size() > 1000) std::abort();
}

std::size_t touch(std::string_view text) {
    std::size_t sum = 0;
    for (const char c : text)
        sum += static_cast<unsigned char>(c);
    return sum;
}

std::size_t touch(const GgufArray& array) {
    std::size_t sum = array.size();
    if (const auto* strings = std::get_if<std::vector<std::string_view>>(&array.values))
        for (const std::string_view text : *strings)
            sum += touch(text);
    if (const auto* arrays = std::get_if<std::vector<std::shared_ptr<const GgufArray>>>(&array.values))
        for (const auto& inner : *arrays)
            sum += touch(*inner);
    return sum;
}

/// Reads all that the file promises is there; the sum keeps the reads alive.
std::size_t touch(const GgufFile& file) {
    std::size_t sum = 0;
    for (const auto& [key, value] : file.metadata()) {
        sum += touch(key) + (file.find(key) == &value);
        if (const auto* text = std::get_if<std::string_view>(&value)) sum += touch(*text);
        if (const auto* array = std::get_if<std::shared_ptr<const GgufArray>>(&value)) sum += touch(**array);
    }
    for (const GgufTensor& tensor : file.tensors())
        sum += touch(tensor.name) + touch({reinterpret_cast<const char*>(tensor.data), tensor.bytes});
    return sum;
}

} // namespace

void* operator new(std::size_t size) {
    if (size > largestAllocation) std::abort();
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return std::malloc(size);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    largestAllocation = (1u << 16) + 8 * size;
    try {
        const GgufFile file = GgufFile::fromMemory(std::as_bytes(std::span(data, size)), "fuzz.gguf");
        const volatile std::size_t sink = touch(file);
        static_cast<void>(sink);
        ModelConfig::fromGguf(file);
    } catch (const Error& error) {
        requireOneLine(error);
    }
    largestAllocation = SIZE_MAX;
    return 0;
}
