#pragma once

namespace altiplano::app {

/// Logs how long after the start of the process `event` happened, in the category "altiplano.startup"
/// (QT_LOGGING_RULES=altiplano.startup.debug=true shows it).
void logStartup(const char* event);

} // namespace altiplano::app
