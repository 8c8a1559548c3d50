#pragma once

#include "block.h"

#include <QColor>
#include <QString>
#include <QTextCharFormat>

class QFont;

namespace altiplano::app {

/// How the spans of a text look.
struct TextLooks {
    QColor link, codeBackground;
    int codeSize = 0; ///< pixels
    QString monospace;

    QTextCharFormat of(const Span& span) const;
};

/// How wide a text wants to be in a single line, and how narrow it can get: as its longest word.
struct TextWidth {
    double natural = 0, least = 0;
};
TextWidth widthOf(const StyledText& text, const QFont& font, const TextLooks& looks);

} // namespace altiplano::app
