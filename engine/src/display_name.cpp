#include "display_name.h"

#include "engine/gguf_file.h"
#include "gguf/printable.h"
#include "tokenizer/utf8.h"

namespace altiplano::engine {

std::string shownText(const GgufFile& file, std::string_view key) {
    constexpr std::size_t kLongest = 200;
    const GgufValue* value = file.find(key);
    const auto* text = value ? std::get_if<std::string_view>(value) : nullptr;
    return text ? onOneLine(repairUtf8(std::string(text->substr(0, kLongest)))) : std::string();
}

std::string displayName(const GgufFile& file) {
    const std::string name = shownText(file, "general.name");
    return name.empty() ? onOneLine(repairUtf8(file.path().stem().string())) : name;
}

} // namespace altiplano::engine
