#pragma once

#include <QString>

namespace altiplano::app {

QString mathSymbol(const QString& command);    ///< "alpha" gives "α"; null: not known
bool isTextCommand(const QString& command);    ///< \text{...}: its words stay as they are
bool isPlainCommand(const QString& command);   ///< \mathbf{...}: its content as if it were not there
QChar combiningAccent(const QString& command); ///< of \hat{x}; null: it is none
QString doubleStruck(const QString& letters);  ///< "R" gives "ℝ"

/// All of it raised or lowered; empty where Unicode lacks one of the characters.
QString superscript(const QString& text);
QString subscript(const QString& text);

} // namespace altiplano::app
