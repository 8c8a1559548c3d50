#pragma once

#include <QString>

namespace altiplano::app {

/// What the engine says, in the window's language. It speaks English; the sentences that people meet are
/// known here by their patterns, down to the reasons within them. Empty: not one of those, or the window
/// speaks English, too. GUI thread only.
QString translatedSentence(const QString& english);

/// The same, or else the engine's own words.
QString inWindowLanguage(const QString& english);

} // namespace altiplano::app
