#pragma once

#include "block.h"

namespace altiplano::app {

/// What a piece of Markdown needs to know of the text before it.
struct MarkdownContext {
    QString definitions;     ///< link reference definitions, a line each
    int continuedNumber = 0; ///< of the item with which the piece continues an ordered list; 0: it does not
    QChar delimiter;         ///< of that list: '.' or ')'
};

struct ParsedMarkdown {
    std::vector<Block> blocks;
    int nextNumber = 0; ///< of the item that would come next, where the text ends in an ordered list
    QChar delimiter;
};

/// Markdown as GitHub writes it (CommonMark, tables, task lists, strikethrough, bare links) and LaTeX between
/// dollars, read by md4c. Never trusts the text: HTML is text, an image is a link to it, a link that is not
/// http, https or mailto is no link. A line break is kept, as chats do. Total on any input.
ParsedMarkdown parseMarkdown(const QString& text, const MarkdownContext& context = {});

/// What a click on it may open: an absolute http, https or mailto address.
bool isSafeLink(const QString& target);

} // namespace altiplano::app
