#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <functional>
#include <unordered_map>
#include <variant>
#include <vector>

namespace altiplano::app {

/// Reads the pages of an SQLite file by themselves, without SQLite, for when it finds them damaged.
/// https://www.sqlite.org/fileformat2.html. Any bytes at all may be in the file.
class SqlitePages {
public:
    /// NULL, integer, or text; other values make a row unreadable.
    using Value = std::variant<std::monostate, qint64, QString>;
    using Row = std::vector<Value>;

    /// Takes the file at `path` and the write-ahead log beside it into memory. What cannot be read is left
    /// out.
    explicit SqlitePages(const QString& path);
    SqlitePages(QByteArray file, QByteArray log); ///< what is in them

    /// Every readable row of every leaf of a table. Looks at no more than kMostReadings times the bytes of
    /// the files, however their pages lead to each other; in a sound file every byte belongs to one row.
    void eachRow(const std::function<void(qint64 rowid, const Row& row)>& visit) const;

private:
    static constexpr qsizetype kMostReadings = 8;

    void takeFile();
    void takeLog();
    void readLeaf(QByteArrayView page, qsizetype header, qsizetype& left,
                  const std::function<void(qint64, const Row&)>& visit) const;
    QByteArray payload(QByteArrayView cell, qsizetype size) const;

    qsizetype m_pageSize = 4096;
    qsizetype m_usable = 4096; ///< without the bytes that are reserved at the end of each page
    QByteArray m_file, m_log;
    std::unordered_map<quint32, QByteArrayView> m_pages; ///< the newest of each, by number
};

} // namespace altiplano::app
