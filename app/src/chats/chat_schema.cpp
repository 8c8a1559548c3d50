#include "chats/chat_schema.h"

namespace altiplano::app {

void migrate(Sqlite& database, const QString& path, std::span<const char* const> steps) {
    const auto wanted = static_cast<qint64>(steps.size());
    const qint64 version = database.integer("PRAGMA user_version");
    if (version > wanted) throw TooNew();
    if (version == wanted) return;
    if (version > 0) database.copyTo(path + QStringLiteral(".before-%1").arg(wanted));
    Transaction transaction(database);
    for (const char* step : steps.subspan(static_cast<std::size_t>(version)))
        database.execute(step);
    database.execute(QByteArrayLiteral("PRAGMA user_version = ") + QByteArray::number(wanted));
    transaction.commit();
}

} // namespace altiplano::app
