#pragma once

#include <QtGlobal>

#include <unordered_set>

struct sqlite3;

namespace altiplano::app {

using IdSet = std::unordered_set<qint64>;

/// Registers the SQL function first_time(SET, id) with a connection. SET is an IdSet bound by
/// Statement::bindPointer with the type kIdSet: 1 where it takes the id in, 0 where it had it already. So a
/// query does costly work once for each, on its way through all rows. Throws SqlError.
void registerFirstTime(sqlite3* database);
inline constexpr const char* kIdSet = "ids";

} // namespace altiplano::app
