#include "chats/sqlite.h"

#include <sqlite3.h>

#include <utility>

namespace altiplano::app {

namespace {

constexpr int kBusyMs = 5000;

int primary(int code) {
    return code & 0xff; // the low byte of an extended code
}

[[noreturn]] void raise(sqlite3* database, int code) {
    throw SqlError(database ? sqlite3_extended_errcode(database) : code,
                   database ? sqlite3_errmsg(database) : sqlite3_errstr(code));
}

} // namespace

bool SqlError::damaged() const {
    return primary(m_code) == SQLITE_CORRUPT || primary(m_code) == SQLITE_NOTADB;
}

bool SqlError::indexDamaged() const {
    return m_code == SQLITE_CORRUPT_VTAB;
}

bool SqlError::diskFull() const {
    return primary(m_code) == SQLITE_FULL;
}

bool SqlError::readOnly() const {
    const int code = primary(m_code);
    return code == SQLITE_READONLY || code == SQLITE_CANTOPEN || code == SQLITE_PERM;
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

Statement::Statement(sqlite3* database, const char* sql) : m_database(database) {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v2(database, sql, -1, &statement, nullptr));
    m_statement.reset(statement);
}

void Statement::check(int code) const {
    if (code != SQLITE_OK) raise(m_database, code);
}

void Statement::bindOne(int position, qint64 value) {
    check(sqlite3_bind_int64(m_statement.get(), position, value));
}

void Statement::bindOne(int position, const QString& value) {
    const QByteArray utf8 = value.toUtf8();
    check(sqlite3_bind_text64(m_statement.get(), position, utf8.constData(),
                              static_cast<sqlite3_uint64>(utf8.size()), SQLITE_TRANSIENT, SQLITE_UTF8));
}

Statement& Statement::bindPointer(int position, void* pointer, const char* type) {
    check(sqlite3_bind_pointer(m_statement.get(), position, pointer, type, nullptr));
    return *this;
}

bool Statement::step() {
    const int code = sqlite3_step(m_statement.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    const SqlError error(sqlite3_extended_errcode(m_database), sqlite3_errmsg(m_database));
    reset();
    throw error;
}

void Statement::reset() {
    sqlite3_reset(m_statement.get()); // repeats the code of a step that failed, which was thrown
}

qint64 Statement::integer(int column) const {
    return sqlite3_column_int64(m_statement.get(), column);
}

QString Statement::text(int column) const {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(m_statement.get(), column));
    return QString::fromUtf8(text, sqlite3_column_bytes(m_statement.get(), column));
}

void Sqlite::Close::operator()(sqlite3* database) const {
    sqlite3_close_v2(database);
}

Sqlite::Sqlite(const QString& path) {
    sqlite3* database = nullptr;
    const int code =
        sqlite3_open_v2(path.toUtf8().constData(), &database,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    m_database.reset(database);
    if (code != SQLITE_OK) raise(database, code);
    sqlite3_extended_result_codes(database, 1);
    sqlite3_busy_timeout(database, kBusyMs);
}

void Sqlite::execute(const char* sql) {
    if (const int code = sqlite3_exec(m_database.get(), sql, nullptr, nullptr, nullptr); code != SQLITE_OK)
        raise(m_database.get(), code);
}

qint64 Sqlite::integer(const char* sql) const {
    Statement statement = prepare(sql);
    return statement.step() ? statement.integer(0) : 0;
}

void Sqlite::copyTo(const QString& path) const {
    const Sqlite target(path);
    sqlite3_backup* backup = sqlite3_backup_init(target.handle(), "main", handle(), "main");
    if (!backup) raise(target.handle(), SQLITE_ERROR);
    sqlite3_backup_step(backup, -1);
    if (const int code = sqlite3_backup_finish(backup); code != SQLITE_OK) raise(target.handle(), code);
}

Transaction::Transaction(Sqlite& database) : m_database(database) {
    database.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
    // Some errors have rolled back already; then this one says so, and that is all right.
    if (m_open) sqlite3_exec(m_database.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
    m_database.execute("COMMIT");
    m_open = false;
}

} // namespace altiplano::app
