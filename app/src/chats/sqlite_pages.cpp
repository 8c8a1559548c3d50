#include "chats/sqlite_pages.h"

#include <QFile>
#include <QtEndian>

#include <algorithm>
#include <optional>

namespace altiplano::app {

namespace {

constexpr QByteArrayView kMagic("SQLite format 3\0", 16);
constexpr qsizetype kFileHeader = 100, kLogHeader = 32, kFrameHeader = 24;
constexpr char kTableLeaf = 0x0d;
constexpr qsizetype kMostColumns = 64; // ours have fewer

template <typename Number>
Number bigEndian(QByteArrayView bytes, qsizetype at) {
    return at + static_cast<qsizetype>(sizeof(Number)) <= bytes.size()
               ? qFromBigEndian<Number>(bytes.data() + at)
               : Number{};
}

/// A variable-length integer at `at`, which moves past it. Section 1.6.
std::optional<qint64> varint(QByteArrayView bytes, qsizetype& at) {
    quint64 value = 0;
    for (int i = 0; i < 9 && at < bytes.size(); ++i) {
        const auto byte = static_cast<quint8>(bytes[at++]);
        if (i == 8) return static_cast<qint64>(value << 8 | byte);
        value = value << 7 | (byte & 0x7f);
        if (!(byte & 0x80)) return static_cast<qint64>(value);
    }
    return {};
}

bool isPageSize(qsizetype size) {
    return size >= 512 && size <= 65536 && (size & (size - 1)) == 0;
}

/// A value of that serial type at `at`, which moves past it. A text may be cut short. Section 2.1.
std::optional<SqlitePages::Value> valueOf(qint64 type, QByteArrayView record, qsizetype& at) {
    static constexpr int kIntegerBytes[] = {0, 1, 2, 3, 4, 6, 8};
    if (type == 0) return SqlitePages::Value{};
    if (type == 8 || type == 9) return type - 8;
    if (type >= 1 && type <= 6) {
        const int bytes = kIntegerBytes[type];
        if (at + bytes > record.size()) return {};
        qint64 value = static_cast<qint8>(record[at]);
        for (int i = 1; i < bytes; ++i)
            value =
                static_cast<qint64>(static_cast<quint64>(value) << 8 | static_cast<quint8>(record[at + i]));
        at += bytes;
        return value;
    }
    if (type < 13 || type % 2 == 0) return {};
    const auto size = static_cast<qsizetype>(std::min<qint64>((type - 13) / 2, record.size() - at));
    const QString text = QString::fromUtf8(record.sliced(at, size));
    at += size;
    return text;
}

std::optional<SqlitePages::Row> rowOf(QByteArrayView record) {
    qsizetype at = 0;
    const auto headerSize = varint(record, at);
    if (!headerSize || *headerSize < at || *headerSize > record.size()) return {};
    const QByteArrayView header = record.first(static_cast<qsizetype>(*headerSize));
    qsizetype body = header.size();
    SqlitePages::Row row;
    while (at < header.size()) {
        const auto type = varint(header, at);
        auto value = type ? valueOf(*type, record, body) : std::nullopt;
        if (!value || static_cast<qsizetype>(row.size()) == kMostColumns) return {};
        row.push_back(std::move(*value));
    }
    return row;
}

/// A disk may fail in places: what cannot be read is zero.
QByteArray readable(const QString& path) {
    constexpr qsizetype kAtOnce = 4096;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return {};
    QByteArray bytes(file.size(), 0);
    for (qsizetype at = 0; at < bytes.size(); at += kAtOnce)
        if (file.seek(at)) file.read(bytes.data() + at, std::min(kAtOnce, bytes.size() - at));
    return bytes;
}

} // namespace

SqlitePages::SqlitePages(const QString& path)
    : SqlitePages(readable(path), readable(path + QStringLiteral("-wal"))) {}

SqlitePages::SqlitePages(QByteArray file, QByteArray log) : m_file(std::move(file)), m_log(std::move(log)) {
    takeFile();
    takeLog();
}

void SqlitePages::takeFile() {
    if (m_file.startsWith(kMagic) && m_file.size() >= kFileHeader) {
        const qsizetype size = bigEndian<quint16>(m_file, 16);
        if (isPageSize(size == 1 ? 65536 : size)) m_pageSize = size == 1 ? 65536 : size;
        m_usable = m_pageSize - static_cast<quint8>(m_file[20]);
    }
    for (qsizetype page = 0; (page + 1) * m_pageSize <= m_file.size(); ++page)
        m_pages[static_cast<quint32>(page + 1)] =
            QByteArrayView(m_file).sliced(page * m_pageSize, m_pageSize);
}

/// The log's frames replace the file's pages, as far as they are of its present generation. Section 4.
void SqlitePages::takeLog() {
    const QByteArrayView log(m_log);
    if ((bigEndian<quint32>(log, 0) & ~1u) != 0x377f0682 || bigEndian<quint32>(log, 8) != m_pageSize) return;
    const auto salt = bigEndian<quint64>(log, 16);
    const qsizetype step = kFrameHeader + m_pageSize;
    for (qsizetype at = kLogHeader; at + step <= log.size(); at += step) {
        const auto number = bigEndian<quint32>(log, at);
        if (number > 0 && bigEndian<quint64>(log, at + 8) == salt)
            m_pages[number] = log.sliced(at + kFrameHeader, m_pageSize);
    }
}

void SqlitePages::eachRow(const std::function<void(qint64, const Row&)>& visit) const {
    qsizetype left = kMostReadings * (m_file.size() + m_log.size());
    for (const auto& [number, page] : m_pages) {
        const qsizetype header = number == 1 ? kFileHeader : 0;
        if (page[header] == kTableLeaf) readLeaf(page, header, left, visit);
    }
}

/// Section 1.6: the cells of a leaf, each a size, a row id and a record.
void SqlitePages::readLeaf(QByteArrayView page, qsizetype header, qsizetype& left,
                           const std::function<void(qint64, const Row&)>& visit) const {
    const qsizetype cells = bigEndian<quint16>(page, header + 3);
    for (qsizetype cell = 0; cell < cells && left > 0; ++cell) {
        const qsizetype pointer = header + 8 + 2 * cell;
        if (pointer + 2 > page.size()) return;
        qsizetype at = bigEndian<quint16>(page, pointer);
        const auto size = varint(page, at);
        const auto rowid = varint(page, at);
        if (!size || !rowid || *size <= 0 || *size > m_file.size() + m_log.size()) continue;
        const QByteArray record = payload(page.sliced(at), static_cast<qsizetype>(*size));
        left -= record.size();
        if (const auto row = rowOf(record)) visit(*rowid, *row);
    }
}

/// A record that may go on in a chain of overflow pages; what is missing of it is left out.
QByteArray SqlitePages::payload(QByteArrayView cell, qsizetype size) const {
    const qsizetype most = m_usable - 35;
    const qsizetype least = (m_usable - 12) * 32 / 255 - 23;
    const qsizetype wanted = least + (size - least) % (m_usable - 4);
    const qsizetype local = size <= most ? size : wanted <= most ? wanted : least;
    QByteArray record = cell.first(std::clamp<qsizetype>(local, 0, cell.size())).toByteArray();
    auto next = bigEndian<quint32>(cell, local);
    while (record.size() < size) {
        const auto page = m_pages.find(next);
        if (page == m_pages.end()) break;
        record += page->second.sliced(4, std::min(m_usable - 4, size - record.size()));
        next = bigEndian<quint32>(page->second, 0);
    }
    return record;
}

} // namespace altiplano::app
