#pragma once

#include <QJsonArray>
#include <QString>
#include <QStringList>
#include <QVariantList>
#include <QtQml/qqmlregistration.h>

namespace altiplano::app {

/// A table as values: what a plot or a list shows, to be read aloud, copied or saved. A cell is a string or a
/// number; an invalid one is empty.
class DataTable {
    Q_GADGET
    QML_VALUE_TYPE(dataTable)
    Q_PROPERTY(QString title MEMBER title)
    Q_PROPERTY(QStringList columns MEMBER columns)
    Q_PROPERTY(int size READ size)
public:
    QString title;
    QStringList columns; ///< names with units, such as "host_us_per_token"
    QList<QVariantList> rows;

    int size() const { return static_cast<int>(rows.size()); }
    Q_INVOKABLE QVariant cell(int row, int column) const { return rows.value(row).value(column); }

    /// The columns from `from` on that have anything but zeros, in their order: of these the `most` with the
    /// largest sums.
    Q_INVOKABLE QList<int> largestColumns(int from, int most) const;
    DataTable first(int most) const;  ///< its first rows only
    DataTable newest(int most) const; ///< its last rows only, the last of them first

    Q_INVOKABLE QString csv() const;      ///< RFC 4180, with a header
    Q_INVOKABLE QString json() const;     ///< an array of objects
    Q_INVOKABLE QString markdown() const; ///< a heading and a pipe table
};

} // namespace altiplano::app
