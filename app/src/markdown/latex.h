#pragma once

#include <QString>

namespace altiplano::app {

/// LaTeX as text that can be read: \alpha becomes α, x^2 becomes x², \frac{a}{b} becomes a/b. What is not
/// known stays as it was written. Line breaks (\\) become '\n'. Total on any input.
QString readableMath(const QString& latex);

/// Marks the LaTeX in a piece of Markdown ($..$, $$..$$, \(..\), \[..\]) so that Markdown leaves it alone:
/// each becomes a code span that begins with kMathMark or kDisplayMathMark. What merely costs $5 stays, and
/// so does all code.
QString withMathAsCode(const QString& markdown);

constexpr QChar kMathMark{0xe000}; ///< of Unicode's private area, and so is the other
constexpr QChar kDisplayMathMark{0xe001};

} // namespace altiplano::app
