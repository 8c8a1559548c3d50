#pragma once

struct sqlite3;

namespace altiplano::app {

/// Registers the full-text tokenizer "words" with a connection: SQLite's unicode61 without diacritics, but
/// each Chinese or Japanese character is a word of its own, since those languages put no spaces between
/// words. A search for some of them is then a search for the phrase. Throws SqlError.
void registerSearchTokenizer(sqlite3* database);

} // namespace altiplano::app
