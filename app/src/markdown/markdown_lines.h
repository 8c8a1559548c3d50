#pragma once

#include <QString>
#include <QStringView>

#include <optional>

namespace altiplano::app {

/// How CommonMark 0.30 reads the beginning of a line, for those who cut Markdown without parsing it.

int indentOf(QStringView line); ///< in columns; a tab goes to the next multiple of four
bool isBlank(QStringView line);
bool isRule(QStringView line); ///< a thematic break, section 4.1

struct Fence { ///< section 4.5
    QChar mark;
    qsizetype length = 0;
    int indent = 0;
    QString language;
};
std::optional<Fence> openingFence(QStringView line);
bool closes(const Fence& fence, QStringView line);

struct ListMarker {          ///< section 5.2
    int contentOffset = 0;   ///< columns: what is indented so far belongs to the item
    bool empty = false;      ///< nothing follows it
    bool interrupts = false; ///< it can stand right below a paragraph
};
std::optional<ListMarker> listMarker(QStringView line);

/// The line without the quote signs and list markers in front of its text.
QStringView withoutMarkers(QStringView line);

/// The link that the line defines ("[name]: https://..."), section 4.7.
bool isDefinition(QStringView line);

} // namespace altiplano::app
