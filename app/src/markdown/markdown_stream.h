#pragma once

#include "markdown_lines.h"
#include "markdown_parser.h"

namespace altiplano::app {

/// Reads Markdown as it streams in. The text is cut where nothing that follows can change what stands before:
/// after a blank line, before a fence, between the items of a list. What lies before the cut is settled and
/// never read again; only what lies behind it, rarely more than a paragraph, is read anew with each piece.
/// However the text was cut into pieces, the blocks are those of the text read at once.
class MarkdownStream {
public:
    struct Update {
        bool restarts = false;      ///< what had been settled no longer holds
        std::vector<Block> settled; ///< follow those settled before, and stay
        std::vector<Block> open;    ///< follow these, until the next update
    };

    Update append(const QString& text);

    /// No more will come. Restarts where the text defined links at one place for use at another.
    Update finish();

private:
    void examine(QStringView line, qsizetype start, Update& update);
    bool stillFenced(QStringView line);
    void begin(QStringView line);
    void settle(qsizetype end, Update& update);
    std::vector<Block> parse(const QString& piece);
    Block fencedCode(qsizetype end) const;

    QString m_source;
    qsizetype m_start = 0;         ///< of what is not settled
    qsizetype m_line = 0;          ///< of the first line that has not been examined
    bool m_fresh = true;           ///< the next line begins a piece
    bool m_blank = false;          ///< the line before was
    bool m_emptyItem = false;      ///< the line before was an item's marker and no more
    bool m_blind = false;          ///< where code ends is not known: the piece goes on to the end of the text
    bool m_defining = false;       ///< the line before defined a link
    bool m_inMath = false;         ///< in a formula of several lines
    bool m_inList = false;         ///< the line before belongs to a list at the left edge
    int m_itemOffset = 0;          ///< what is indented so far may belong to an item; 0: nothing may
    std::optional<Fence> m_fence;  ///< at the left edge
    std::optional<Fence> m_nested; ///< in an item or a quote
    MarkdownContext m_context;
    QString m_definitions;
};

} // namespace altiplano::app
