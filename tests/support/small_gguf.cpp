#include "support/small_gguf.h"

#include "engine/gguf_file.h"
#include "support/quantize.h"

namespace altiplano::test {

GgufWriter smallFile(std::uint32_t version, std::uint32_t alignment) {
    GgufWriter writer(version, alignment);
    writer.set("general.architecture", std::string("llama"));
    writer.set("a.number", std::uint32_t{7});
    writer.set("a.list", std::vector<std::string>{"one", "two"});
    writer.set("a.nest", std::vector<std::vector<std::uint8_t>>{{1, 2}, {}, {3}});
    writer.set("a.flag", true);
    const std::vector<float> weights(64, 0.5f);
    writer.addTensor("first", kernels::QuantType::F32, {32, 2}, quantize(kernels::QuantType::F32, weights));
    writer.addTensor("second", kernels::QuantType::Q8_0, {64}, quantize(kernels::QuantType::Q8_0, weights));
    return writer;
}

bool Refusal::isOneLine() const {
    return !sentence.empty() && sentence.find('\n') == sentence.npos && sentence.starts_with("small.gguf: ");
}

Refusal refusalOfBytes(std::span<const std::byte> bytes) {
    return refusalOf([&] { engine::GgufFile::fromMemory(bytes, "small.gguf"); });
}

std::size_t find(std::span<const std::byte> bytes, std::string_view text) {
    return std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()).find(text);
}

} // namespace altiplano::test
