#pragma once

#include "support/gguf_writer.h"

#include <cstdint>

namespace altiplano::test {

/// Sets the tokenizer.ggml.* keys of a small SentencePiece vocabulary: <unk>, <s>, </s>, 256 byte pieces, and
/// pieces for common English words and every prefix of them. `size` as in TinyModelOptions; returns the
/// vocabulary's size.
std::uint32_t setSentencePieceVocabulary(GgufWriter& writer, std::uint32_t size);

/// The same for byte-level BPE as GPT-2 has it: 256 bytes, merges that build the same words, and the control
/// tokens <|endoftext|>, <|im_start|> and <|im_end|>.
std::uint32_t setBpeVocabulary(GgufWriter& writer, std::uint32_t size);

} // namespace altiplano::test
