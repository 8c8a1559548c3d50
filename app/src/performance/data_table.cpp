#include "data_table.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

namespace altiplano::app {

namespace {

bool isNumber(const QVariant& cell) {
    return cell.metaType().id() != QMetaType::QString && cell.canConvert<double>();
}

/// Four significant digits where that is exact enough to read, and never an exponent.
QString readable(const QVariant& cell) {
    if (!cell.isValid()) return {};
    if (!isNumber(cell)) return cell.toString();
    const double value = cell.toDouble();
    if (value == static_cast<double>(static_cast<qint64>(value)))
        return QString::number(static_cast<qint64>(value));
    return QString::number(value, 'f', std::abs(value) < 10 ? 3 : std::abs(value) < 1000 ? 1 : 0);
}

QString quotedForCsv(const QVariant& cell) {
    QString text = isNumber(cell) ? QString::number(cell.toDouble(), 'g', 12) : cell.toString();
    static const QRegularExpression special(QStringLiteral("[\",\\r\\n]"));
    if (!text.contains(special)) return text;
    return u'"' + text.replace(u'"', QStringLiteral("\"\"")) + u'"';
}

QString joined(const QVariantList& cells, const QString& between,
               const std::function<QString(const QVariant&)>& text) {
    QStringList texts;
    for (const QVariant& cell : cells)
        texts << text(cell);
    return texts.join(between);
}

} // namespace

QList<int> DataTable::largestColumns(int from, int most) const {
    QList<std::pair<double, int>> sums;
    for (int column = from; column < columns.size(); ++column) {
        double sum = 0;
        for (const QVariantList& row : rows)
            sum += row.value(column).toDouble();
        if (sum > 0) sums.append({-sum, column});
    }
    std::sort(sums.begin(), sums.end());
    QList<int> chosen;
    for (const auto& [sum, column] : sums.first(std::min<qsizetype>(most, sums.size())))
        chosen << column;
    std::sort(chosen.begin(), chosen.end());
    return chosen;
}

DataTable DataTable::first(int most) const {
    return {title, columns, rows.first(std::min<qsizetype>(most, rows.size()))};
}

DataTable DataTable::newest(int most) const {
    DataTable table{title, columns, rows.last(std::min<qsizetype>(most, rows.size()))};
    std::reverse(table.rows.begin(), table.rows.end());
    return table;
}

QString DataTable::csv() const {
    QString text;
    const auto add = [&](const QVariantList& cells) {
        text += joined(cells, QStringLiteral(","), quotedForCsv) + QStringLiteral("\r\n");
    };
    add(QVariantList(columns.begin(), columns.end()));
    for (const QVariantList& row : rows)
        add(row);
    return text;
}

QString DataTable::json() const {
    QJsonArray array;
    for (const QVariantList& row : rows) {
        QJsonObject object;
        for (int column = 0; column < columns.size(); ++column)
            object.insert(columns.at(column), QJsonValue::fromVariant(row.value(column)));
        array.append(object);
    }
    return QString::fromUtf8(QJsonDocument(array).toJson());
}

QString DataTable::markdown() const {
    const auto escaped = [](const QVariant& cell) {
        return readable(cell).replace(u'|', QStringLiteral("\\|")).simplified();
    };
    QString text = QStringLiteral("**%1**\n\n| %2 |\n|").arg(title, columns.join(QStringLiteral(" | ")));
    for (int column = 0; column < columns.size(); ++column)
        text += !rows.isEmpty() && isNumber(rows.first().value(column)) ? QStringLiteral(" ---: |")
                                                                        : QStringLiteral(" --- |");
    for (const QVariantList& row : rows)
        text += QStringLiteral("\n| ") + joined(row, QStringLiteral(" | "), escaped) + QStringLiteral(" |");
    return text + u'\n';
}

} // namespace altiplano::app
