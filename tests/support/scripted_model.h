#pragma once

#include "support/scripted_backend.h"

#include "engine/generation.h"
#include "engine/scheduler.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace altiplano::test {

/// The first of the tiny SentencePiece vocabulary's 256 byte tokens.
inline constexpr engine::TokenId kByteTokens = 3;
inline constexpr engine::TokenId kEos = 2;

std::vector<engine::TokenId> byteTokens(std::string_view text);

/// `length` tokens that count up from `first` and begin again after 190.
std::vector<engine::TokenId> counted(std::size_t length, engine::TokenId first = 10);

/// The usual options with a context of `tokens` tokens.
engine::SchedulerOptions withContext(std::uint32_t tokens);

/// A tiny model on a scripted device. Unless the test says otherwise, the next token is a hash of the whole
/// text.
class ScriptedModel {
public:
    ScriptedModel();

    static std::int32_t hashed(std::span<const std::int32_t> text);
    /// What greedy decoding must give by `hashed`.
    static std::vector<engine::TokenId> expected(std::vector<engine::TokenId> prompt, std::size_t count);
    /// Makes the device say this after a prompt of that many tokens, then EOS.
    void say(std::size_t promptTokens, const std::vector<engine::TokenId>& answer);

    /// A greedy request.
    static engine::GenerationRequest request(std::vector<engine::TokenId> prompt, std::uint32_t maxTokens);

    std::shared_ptr<DeviceScript> script = std::make_shared<DeviceScript>();
    std::shared_ptr<const engine::Model> model;
};

void runAll(engine::Scheduler& scheduler);

} // namespace altiplano::test
