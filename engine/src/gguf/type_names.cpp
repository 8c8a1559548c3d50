#include "gguf/gguf_reader.h"

#include "kernels/quant_type.h"

#include <array>

namespace altiplano::engine {

std::string valueTypeName(std::uint32_t type) {
    constexpr std::array kNames = {"uint8", "int8",   "uint16", "int16",  "uint32", "int32",  "float32",
                                   "bool",  "string", "array",  "uint64", "int64",  "float64"};
    return type < kNames.size() ? kNames[type] : "type " + std::to_string(type);
}

std::string tensorTypeName(std::uint32_t type) {
    struct Name {
        std::uint32_t type;
        const char* name;
    };
    // ggml's types that no kernel here reads; 4, 5, 31-33 and 36-38 were withdrawn.
    constexpr std::array kOthers = {
        Name{4, "Q4_2"},        Name{5, "Q4_3"},      Name{9, "Q8_1"},        Name{16, "IQ2_XXS"},
        Name{17, "IQ2_XS"},     Name{18, "IQ3_XXS"},  Name{19, "IQ1_S"},      Name{21, "IQ3_S"},
        Name{22, "IQ2_S"},      Name{24, "I8"},       Name{25, "I16"},        Name{26, "I32"},
        Name{27, "I64"},        Name{28, "F64"},      Name{29, "IQ1_M"},      Name{31, "Q4_0_4_4"},
        Name{32, "Q4_0_4_8"},   Name{33, "Q4_0_8_8"}, Name{36, "IQ4_NL_4_4"}, Name{37, "IQ4_NL_4_8"},
        Name{38, "IQ4_NL_8_8"}, Name{40, "NVFP4"},    Name{41, "Q1_0"},
    };
    if (const kernels::QuantTraits* known = kernels::findQuantTraits(type)) return std::string(known->name);
    for (const Name& other : kOthers)
        if (other.type == type) return other.name;
    return "number " + std::to_string(type);
}

} // namespace altiplano::engine
