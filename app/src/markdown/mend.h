#pragma once

#include <QString>

namespace altiplano::app {

/// Markdown that breaks off anywhere, made such that what it shows will most likely stay as more comes: what
/// is open (bold, code, a formula, a link's address) is closed, and what may turn out to be a mark (a table's
/// head, the backticks of a fence, a line of dashes) is held back. For showing only.
QString mended(const QString& markdown);

} // namespace altiplano::app
