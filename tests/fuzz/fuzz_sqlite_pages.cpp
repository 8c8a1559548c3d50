// The reader of damaged chat databases: any bytes as the file and as its log give rows, never more of them
// than the bytes can hold many times over. The first byte says how much of the input is the log.
#include "chats/sqlite_pages.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using altiplano::app::SqlitePages;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const QByteArray all(reinterpret_cast<const char*>(data + 1), static_cast<qsizetype>(size - 1));
    const qsizetype log = all.size() * data[0] / 256;
    qsizetype letters = 0;
    SqlitePages(all.first(all.size() - log), all.last(log)).eachRow([&](qint64, const SqlitePages::Row& row) {
        for (const SqlitePages::Value& value : row)
            if (const auto* text = std::get_if<QString>(&value)) letters += text->size();
    });
    if (letters > 16 * all.size()) std::abort();
    return 0;
}
