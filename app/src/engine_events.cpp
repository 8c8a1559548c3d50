#include "engine_events.h"

#include <utility>

namespace altiplano::app {

namespace {

/// Merges `next` into the newest event where both are of a kind that adds up.
bool merge(EngineEvent& newest, EngineEvent& next) {
    if (newest.index() != next.index()) return false;
    if (std::holds_alternative<outgoing::LoadProgress>(next) ||
        std::holds_alternative<outgoing::ComparisonProgress>(next)) {
        newest = std::move(next);
        return true;
    }
    auto* into = std::get_if<outgoing::Update>(&newest);
    auto* from = std::get_if<outgoing::Update>(&next);
    if (!into || into->id != from->id) return false;
    AnswerUpdate& update = from->update;
    std::vector<engine::StepTiming> steps = std::move(into->update.steps);
    steps.insert(steps.end(), update.steps.begin(), update.steps.end());
    update.text.prepend(into->update.text);
    update.steps = std::move(steps);
    into->update = std::move(update);
    return true;
}

} // namespace

void EngineOutbox::put(EngineEvent event) {
    bool wasEmpty = false;
    {
        const std::lock_guard lock(m_mutex);
        wasEmpty = m_events.empty();
        if (wasEmpty || !merge(m_events.back(), event)) m_events.push_back(std::move(event));
    }
    if (wasEmpty) m_wake();
}

std::vector<EngineEvent> EngineOutbox::takeAll() {
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_events, {});
}

} // namespace altiplano::app
