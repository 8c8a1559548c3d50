#include "support/heard.h"

namespace altiplano::test {

void Heard::operator()(const engine::GenerationEvent& event) {
    afterEnd = afterEnd || ends > 0;
    events.push_back(event);
    if (const auto* delta = std::get_if<engine::events::Delta>(&event)) {
        text += delta->text;
        if (delta->token >= 0) ids.push_back(delta->token);
    }
    if (const auto* drop = std::get_if<engine::events::Dropped>(&event)) dropped.push_back(*drop);
    if (const auto* end = std::get_if<engine::events::Finished>(&event)) {
        finished = *end;
        ++ends;
    }
    if (const auto* failure = std::get_if<engine::events::Failed>(&event)) {
        failed = *failure;
        ++ends;
    }
}

} // namespace altiplano::test
