#include "chats/first_time.h"

#include "chats/sqlite.h"

#include <sqlite3.h>

namespace altiplano::app {

namespace {

void firstTime(sqlite3_context* context, int, sqlite3_value** arguments) {
    auto* ids = static_cast<IdSet*>(sqlite3_value_pointer(arguments[0], kIdSet));
    const bool first = ids && ids->insert(sqlite3_value_int64(arguments[1])).second;
    sqlite3_result_int(context, first ? 1 : 0);
}

} // namespace

void registerFirstTime(sqlite3* database) {
    const int code = sqlite3_create_function_v2(database, "first_time", 2, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                                                nullptr, firstTime, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) throw SqlError(code, sqlite3_errmsg(database));
}

} // namespace altiplano::app
