#pragma once

#include "engine/tokenizer.h"

namespace altiplano::engine {

/// The ModelProto that libsentencepiece loads, serialized, rebuilt from a GGUF vocabulary. Piece i is token
/// i, so that ids need no translation. Field numbers: sentencepiece_model.proto of
/// github.com/google/sentencepiece.
///
/// The library refuses a model with two pieces of one text, with none or several of type 'unknown', or with
/// an empty piece, and real files have all of these. Such a piece becomes a control piece with a text that no
/// input can form, so that tokenization is what it is without it. Control pieces get such texts too: their
/// own could be reached by a text of one character.
struct ModelProto {
    std::string bytes;
    std::size_t pieces; ///< one more than tokens when an unknown piece had to be added at the end
};

/// Error{Unsupported} for a vocabulary that the library cannot take.
ModelProto makeModelProto(const Vocabulary& vocabulary);

/// The byte that a piece such as "<0x0A>" stands for; nothing for another text.
std::optional<std::uint8_t> byteOfPiece(std::string_view text);

} // namespace altiplano::engine
