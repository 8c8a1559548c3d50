#pragma once

#include "engine/generation.h"

#include <QString>

namespace altiplano::app {

/// What the engine reports, as the window says it. The engine speaks English: in another language its words,
/// which name files, places and numbers, are the details to a translation of them, or, where their sentence
/// is not among those that are known, to what the window says of their kind.
struct FailureWords {
    QString sentence; ///< in the window's language
    QString details;  ///< the engine's own words; empty: they are the sentence

    static FailureWords of(engine::ErrorCode code, const QString& engineWords);
    static FailureWords of(const engine::events::Failed& failure);

    /// As it is stored with an answer: the details in a second line.
    QString text() const { return details.isEmpty() ? sentence : sentence + u'\n' + details; }
};

} // namespace altiplano::app
