#pragma once

#include <QString>

namespace altiplano::app {

/// The start of a text as a title: one line of at most 60 characters that ends with a whole word.
inline QString firstWords(const QString& text) {
    constexpr qsizetype kLongest = 60;
    const QString line = text.left(4 * kLongest).simplified();
    if (line.size() <= kLongest) return line;
    const qsizetype end = line.lastIndexOf(u' ', kLongest);
    return line.left(end > kLongest / 2 ? end : kLongest) + u'…';
}

} // namespace altiplano::app
