#include "text_looks.h"

#include <QTextLayout>

#include <algorithm>

namespace altiplano::app {

QTextCharFormat TextLooks::of(const Span& span) const {
    QTextCharFormat format;
    if (span.styles & Strong) format.setFontWeight(QFont::DemiBold);
    if (span.styles & (Emphasis | InlineMath)) format.setFontItalic(true);
    if (span.styles & Strike) format.setFontStrikeOut(true);
    if (span.styles & InlineCode) {
        format.setFontFamilies({monospace});
        if (codeSize > 0) format.setProperty(QTextFormat::FontPixelSize, codeSize);
        format.setBackground(codeBackground);
    }
    if (!span.link.isEmpty()) {
        format.setAnchor(true);
        format.setAnchorHref(span.link);
        format.setForeground(link);
        format.setFontUnderline(true);
    }
    return format;
}

TextWidth widthOf(const StyledText& text, const QFont& font, const TextLooks& looks) {
    constexpr double kAnyWidth = 1e6;
    QTextLayout layout(text.text, font);
    QList<QTextLayout::FormatRange> formats;
    for (const Span& span : text.spans)
        formats.append({span.start, span.length, looks.of(span)});
    layout.setFormats(formats);
    TextWidth width;
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(kAnyWidth);
        width.natural = std::max(width.natural, line.naturalTextWidth());
    }
    layout.endLayout();
    width.least = layout.minimumWidth();
    return width;
}

} // namespace altiplano::app
