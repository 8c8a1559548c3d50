#pragma once

#include "engine/generation.h"

#include <optional>
#include <string>
#include <vector>

namespace altiplano::test {

/// A listener that writes down what it hears. It must outlive the request.
struct Heard {
    std::vector<engine::GenerationEvent> events;
    std::vector<engine::TokenId> ids;
    std::string text;
    std::vector<engine::events::Dropped> dropped;
    std::optional<engine::events::Finished> finished;
    std::optional<engine::events::Failed> failed;
    int ends = 0;          ///< Finished and Failed: must come to 1
    bool afterEnd = false; ///< an event came after the end

    void operator()(const engine::GenerationEvent& event);
    engine::GenerationListener listener() {
        return [this](const engine::GenerationEvent& event) { (*this)(event); };
    }
    bool endedOnce() const { return ends == 1 && !afterEnd; }
    bool finishedWith(engine::FinishReason reason) const {
        return endedOnce() && finished && finished->reason == reason;
    }
    bool failedWith(engine::ErrorCode code) const { return endedOnce() && failed && failed->code == code; }
};

} // namespace altiplano::test
