#include "downloads/part_file.h"

#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include <cerrno>
#include <unistd.h>

namespace altiplano::app {

namespace {

constexpr qint64 kSlice = 4 << 20;

PartFile::Facts readFacts(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return {};
    const QJsonObject json = QJsonDocument::fromJson(file.readAll()).object();
    PartFile::Facts facts;
    facts.url = QUrl(json[QStringLiteral("url")].toString());
    facts.etag = json[QStringLiteral("etag")].toString().toLatin1();
    facts.lastModified = json[QStringLiteral("lastModified")].toString().toLatin1();
    facts.sha256 = json[QStringLiteral("sha256")].toString().toLatin1();
    facts.size = json[QStringLiteral("size")].toInteger(-1);
    return facts;
}

} // namespace

PartFile::PartFile(const QString& folder, const QString& name) : m_folder(folder), m_name(name) {
    m_file.setFileName(partPath());
    facts = readFacts(factsPath());
    m_size = exists() ? m_file.size() : 0;
}

QStringList PartFile::namesIn(const QString& folder) {
    const QString suffix = QStringLiteral(".part.json");
    QStringList names = QDir(folder).entryList({u'*' + suffix}, QDir::Files, QDir::Name);
    for (QString& name : names)
        name.chop(suffix.size());
    return names;
}

bool PartFile::exists() const {
    return QFile::exists(factsPath());
}

bool PartFile::isTaken() const {
    if (QFile::exists(path())) return true;
    return exists() ? readFacts(factsPath()).url != facts.url : QFile::exists(partPath());
}

bool PartFile::failed(const QFileDevice& file) {
    m_full = errno == ENOSPC || errno == EDQUOT;
    m_error = file.errorString();
    return false;
}

bool PartFile::open() {
    if (m_file.isOpen()) return true;
    QDir().mkpath(m_folder);
    errno = 0;
    if (!m_file.open(QIODevice::ReadWrite | QIODevice::Unbuffered)) return failed(m_file);
    m_size = m_file.size();
    return m_file.seek(m_size) || failed(m_file);
}

bool PartFile::save() {
    QDir().mkpath(m_folder);
    const QJsonObject json{{QStringLiteral("url"), facts.url.toString(QUrl::FullyEncoded)},
                           {QStringLiteral("etag"), QString::fromLatin1(facts.etag)},
                           {QStringLiteral("lastModified"), QString::fromLatin1(facts.lastModified)},
                           {QStringLiteral("sha256"), QString::fromLatin1(facts.sha256)},
                           {QStringLiteral("size"), facts.size}};
    QSaveFile file(factsPath());
    errno = 0;
    if (!file.open(QIODevice::WriteOnly)) return failed(file);
    file.write(QJsonDocument(json).toJson());
    return file.commit() || failed(file);
}

bool PartFile::append(const QByteArray& bytes) {
    errno = 0;
    const qint64 written = m_file.write(bytes);
    const bool all = written == bytes.size();
    if (!all) failed(m_file);
    if (written <= 0) return all;
    if (m_hashed == m_size && !facts.sha256.isEmpty()) {
        m_hash.addData(QByteArrayView(bytes).first(written));
        m_hashed += written;
    }
    m_size += written;
    return all;
}

bool PartFile::clear() {
    m_hash.reset();
    m_hashed = 0;
    m_size = 0;
    errno = 0;
    return (m_file.resize(0) && m_file.seek(0)) || failed(m_file);
}

void PartFile::flush() {
    if (m_file.isOpen()) ::fdatasync(m_file.handle());
}

bool PartFile::hashSome() {
    if (m_hashed >= m_size || !m_file.seek(m_hashed)) return false;
    const QByteArray slice = m_file.read(std::min(kSlice, m_size - m_hashed));
    m_file.seek(m_size);
    m_hash.addData(slice);
    m_hashed += slice.size();
    return !slice.isEmpty();
}

QByteArray PartFile::sha256() const {
    return m_hash.result().toHex();
}

bool PartFile::complete() {
    flush();
    errno = 0;
    m_file.close(); // rename() needs it closed
    if (!m_file.rename(path())) return failed(m_file);
    QFile::remove(factsPath());
    return true;
}

void PartFile::remove() {
    m_file.close();
    QFile::remove(partPath());
    QFile::remove(factsPath());
    m_size = 0;
    m_hashed = 0;
    m_hash.reset();
}

} // namespace altiplano::app
