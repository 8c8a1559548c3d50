#pragma once

#include "bench_sheet.h"

#include <QString>

#include <optional>
#include <vector>

namespace altiplano::app {

/// Results of comparison runs, one file of bench rows each, in a folder of the user's data.
class MeasurementStore {
public:
    explicit MeasurementStore(const QString& folder) : m_folder(folder) {}

    struct Entry {
        QString file; ///< in the folder
        BenchSheet sheet;
    };

    /// Keeps a result; its file, or nothing where it cannot be written.
    std::optional<QString> add(const BenchSheet& sheet, const QByteArray& json);
    void remove(const QString& file);

    std::vector<Entry> all() const; ///< the newest first; files that cannot be read are left out

private:
    static constexpr int kMost = 200; ///< entries that are listed
    QString m_folder;
};

} // namespace altiplano::app
