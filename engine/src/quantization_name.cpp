#include "quantization_name.h"

#include "engine/gguf_file.h"

#include <algorithm>
#include <array>
#include <map>

namespace altiplano::engine {

namespace {

/// llama.cpp's llama_ftype. Numbers that are missing here stand for types that no kernel reads.
struct FileType {
    std::uint64_t number;
    const char* name;
};
constexpr std::array kFileTypes = {
    FileType{0, "F32"},     FileType{1, "F16"},     FileType{2, "Q4_0"},    FileType{3, "Q4_1"},
    FileType{7, "Q8_0"},    FileType{8, "Q5_0"},    FileType{9, "Q5_1"},    FileType{10, "Q2_K"},
    FileType{11, "Q3_K_S"}, FileType{12, "Q3_K_M"}, FileType{13, "Q3_K_L"}, FileType{14, "Q4_K_S"},
    FileType{15, "Q4_K_M"}, FileType{16, "Q5_K_S"}, FileType{17, "Q5_K_M"}, FileType{18, "Q6_K"},
    FileType{21, "Q2_K_S"}, FileType{25, "IQ4_NL"}, FileType{30, "IQ4_XS"}, FileType{32, "BF16"},
    FileType{36, "TQ1_0"},  FileType{37, "TQ2_0"},  FileType{38, "MXFP4"},
};

} // namespace

std::string quantizationName(const GgufFile& file) {
    const std::optional<std::uint64_t> number = file.unsignedInteger("general.file_type");
    const auto known = std::ranges::find(kFileTypes, number, &FileType::number);
    if (number && known != kFileTypes.end()) return known->name;
    std::map<std::string_view, std::uint64_t> bytes;
    for (const GgufTensor& tensor : file.tensors())
        bytes[tensor.typeName()] += tensor.bytes;
    const auto most = std::ranges::max_element(bytes, {}, [](const auto& entry) { return entry.second; });
    return most == bytes.end() ? "" : std::string(most->first);
}

} // namespace altiplano::engine
