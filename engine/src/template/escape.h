#pragma once

#include "template/value.h"

#include <string>
#include <string_view>

namespace altiplano::engine::jinja {

/// markupsafe's escape of & < > ' and ".
std::string escapeHtml(std::string_view text);
/// The bytes, escaped unless they are Markup.
std::string escaped(const Text& text);
/// urllib's quoting of the UTF-8 bytes; `query` also quotes "/" and turns spaces into "+".
std::string quoteUrl(std::string_view text, bool query);
/// Markup.striptags: without tags and comments, spaces collapsed, the common entities resolved.
std::string stripTags(std::string_view html);

} // namespace altiplano::engine::jinja
