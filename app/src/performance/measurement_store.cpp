#include "measurement_store.h"

#include <QDir>
#include <QRegularExpression>
#include <QSaveFile>

#include <algorithm>

namespace altiplano::app {

std::optional<QString> MeasurementStore::add(const BenchSheet& sheet, const QByteArray& json) {
    if (sheet.rows.empty() || !QDir().mkpath(m_folder)) return {};
    const BenchRow& row = sheet.rows.back();
    static const QRegularExpression unusual(QStringLiteral("[^A-Za-z0-9._-]+"));
    const QString stamp = row.date.toUTC().toString(QStringLiteral("yyyyMMdd-HHmmss"));
    const QString name = QStringLiteral("%1-%2-%3.json")
                             .arg(stamp, row.name().replace(unusual, QStringLiteral("-")).left(60),
                                  QString(row.quantization).replace(unusual, QStringLiteral("-")));
    QSaveFile file(QDir(m_folder).filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(json) != json.size() || !file.commit()) return {};
    return name;
}

void MeasurementStore::remove(const QString& file) {
    if (file == QFileInfo(file).fileName()) QFile::remove(QDir(m_folder).filePath(file));
}

std::vector<MeasurementStore::Entry> MeasurementStore::all() const {
    std::vector<Entry> entries;
    const QStringList names =
        QDir(m_folder).entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name | QDir::Reversed);
    for (const QString& name : names.mid(0, kMost)) {
        QFile file(QDir(m_folder).filePath(name));
        QString error;
        if (!file.open(QIODevice::ReadOnly)) continue;
        BenchSheet sheet = BenchSheet::parse(file.readAll(), error);
        if (!sheet.rows.empty()) entries.push_back({name, std::move(sheet)});
    }
    return entries;
}

} // namespace altiplano::app
