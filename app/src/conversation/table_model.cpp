#include "table_model.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace altiplano::app {

namespace {

constexpr std::size_t kMostEmptyRows = 16;
constexpr double kWidthStep = 8; ///< pixels: a cell that grows does not move the others with every letter

} // namespace

TableModel::TableModel(QObject* parent) : QAbstractListModel(parent) {
    connect(this, &TableModel::looksChanged, this, [this] {
        for (std::size_t at = 0; at < m_rows.size(); ++at)
            if (m_rows[at].block) m_rows[at] = made(at, m_rows[at].start);
        measure();
    });
}

TableModel::Row TableModel::made(std::size_t at, int start) const {
    Block row;
    row.kind = BlockKind::Table;
    row.table.columns = m_table->table.columns;
    row.table.rows = {m_table->table.rows[at]};
    Row made{nullptr, start, {}};
    const QFont& font = at == 0 ? m_headerFont : m_font;
    const TextLooks looks{{}, {}, m_codeSize, m_monospace};
    for (const StyledText& cell : row.table.rows[0])
        made.widths.push_back(widthOf(cell, font, looks));
    made.block = std::make_shared<const Block>(std::move(row));
    return made;
}

void TableModel::setContent(const QVariant& content) {
    const auto table = content.value<std::shared_ptr<const Block>>();
    if (!table || table == m_table) return;
    const bool sameColumns = m_table && table->table.columns == m_table->table.columns;
    m_table = table;
    const std::size_t have = table->table.rows.size();
    if (const std::size_t most = have + kMostEmptyRows; most < m_rows.size()) {
        beginRemoveRows({}, static_cast<int>(most), rowCount() - 1);
        m_rows.resize(most);
        endRemoveRows();
    }
    for (std::size_t at = have; at < m_rows.size(); ++at)
        if (std::exchange(m_rows[at], {}).block) rowChanged(at);
    std::vector<Row> fresh;
    int start = 0;
    for (std::size_t at = 0; at < have; ++at) {
        const auto& cells = table->table.rows[at];
        if (at >= m_rows.size()) {
            fresh.push_back(made(at, start));
        } else if (!sameColumns || !m_rows[at].block || m_rows[at].start != start ||
                   m_rows[at].block->table.rows[0] != cells) {
            m_rows[at] = made(at, start);
            rowChanged(at);
        }
        for (const StyledText& cell : cells)
            start += static_cast<int>(cell.text.size()) + 1; // a tab or a line's end
    }
    if (!fresh.empty()) {
        beginInsertRows({}, rowCount(), static_cast<int>(have) - 1);
        std::move(fresh.begin(), fresh.end(), std::back_inserter(m_rows));
        endInsertRows();
    }
    measure();
    emit contentChanged();
}

void TableModel::rowChanged(std::size_t at) {
    const QModelIndex changed = index(static_cast<int>(at));
    emit dataChanged(changed, changed, {RowRole, StartRole});
}

void TableModel::measure() {
    const qsizetype columns = m_table ? static_cast<qsizetype>(m_table->table.columns.size()) : 0;
    QList<double> wanted(columns), least(columns);
    for (const Row& row : m_rows)
        for (qsizetype i = 0; i < columns && row.block; ++i) {
            const TextWidth& cell = row.widths[static_cast<std::size_t>(i)];
            const auto padded = [this](double width) {
                return std::ceil((width + 1) / kWidthStep) * kWidthStep + 2 * m_padding;
            };
            wanted[i] = std::max(wanted[i], padded(cell.natural));
            least[i] = std::max({least[i], padded(cell.least), std::min(m_narrowest, wanted[i])});
        }
    QList<double> widths = sharedWidths(wanted, least, m_available);
    if (widths == m_widths) return;
    m_widths = std::move(widths);
    emit columnWidthsChanged();
}

QList<double> sharedWidths(const QList<double>& wanted, const QList<double>& least, double room) {
    QList<double> widths = wanted;
    const auto total = [&] { return std::accumulate(widths.begin(), widths.end(), 0.0); };
    const auto share = [&](double each) {
        for (qsizetype i = 0; i < widths.size(); ++i)
            widths[i] = std::floor(std::clamp(each, least[i], std::max(least[i], wanted[i])));
        return total() <= room;
    };
    if (total() <= room) return widths;
    double each = 0;
    for (double step = room / 2; step >= 0.5; step /= 2)
        if (share(each + step)) each += step;
    share(each);
    return widths;
}

double TableModel::width() const {
    return std::accumulate(m_widths.begin(), m_widths.end(), 0.0);
}

int TableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant TableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case RowRole:
        return row.block ? QVariant::fromValue(row.block) : QVariant();
    case HeaderRole:
        return index.row() == 0;
    case StartRole:
        return row.start;
    default:
        return {};
    }
}

QHash<int, QByteArray> TableModel::roleNames() const {
    return {{RowRole, "cells"}, {HeaderRole, "header"}, {StartRole, "start"}};
}

} // namespace altiplano::app
