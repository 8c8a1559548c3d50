#pragma once

#include <QByteArray>
#include <QString>

#include <memory>
#include <stdexcept>
#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace altiplano::app {

/// What SQLite refused, with its extended result code.
class SqlError : public std::runtime_error {
public:
    SqlError(int code, const char* message) : std::runtime_error(message), m_code(code) {}
    int code() const { return m_code; }
    bool damaged() const;      ///< the file is not, or no longer, a database
    bool indexDamaged() const; ///< only a full-text index is; it can be made anew
    bool diskFull() const;
    bool readOnly() const; ///< or there is no right to create the file

private:
    int m_code;
};

/// A prepared statement. Values are bound from 1, columns read from 0, as SQLite counts.
class Statement {
public:
    Statement(sqlite3* database, const char* sql);

    /// Binds all parameters, in order.
    template <typename... Values>
    Statement& bind(const Values&... values) {
        reset();
        int position = 0;
        (bindOne(++position, values), ...);
        return *this;
    }
    /// Binds what an SQL function takes by sqlite3_value_pointer; it must live until the last step. After bind.
    Statement& bindPointer(int position, void* pointer, const char* type);
    bool step(); ///< true: there is a row
    template <typename... Values>
    void run(const Values&... values) { ///< bind, and to the end
        bind(values...);
        while (step()) {
        }
        reset();
    }
    void reset();

    qint64 integer(int column) const;
    QString text(int column) const;

private:
    void bindOne(int position, qint64 value);
    void bindOne(int position, const QString& value);
    void check(int code) const;

    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    sqlite3* m_database;
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
};

/// A connection. One thread at a time; throws SqlError.
class Sqlite {
public:
    explicit Sqlite(const QString& path); ///< creates the file where there is none; ":memory:"

    void execute(const char* sql); ///< one or more statements without parameters
    Statement prepare(const char* sql) const { return Statement(m_database.get(), sql); }
    qint64 integer(const char* sql) const;  ///< the first column of the first row
    void copyTo(const QString& path) const; ///< a consistent copy, of all that is committed
    sqlite3* handle() const { return m_database.get(); }

private:
    struct Close {
        void operator()(sqlite3* database) const;
    };
    std::unique_ptr<sqlite3, Close> m_database;
};

/// Everything or nothing: rolled back unless committed.
class Transaction {
public:
    explicit Transaction(Sqlite& database);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

private:
    Sqlite& m_database;
    bool m_open = true;
};

} // namespace altiplano::app
