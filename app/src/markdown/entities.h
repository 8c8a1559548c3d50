#pragma once

#include <QString>

namespace altiplano::app {

/// The character that an HTML entity ("&amp;", "&#233;", "&#xE9;") stands for; one that is not known as it is
/// written. A number that is no character gives U+FFFD.
QString decodedEntity(const QString& entity);

} // namespace altiplano::app
