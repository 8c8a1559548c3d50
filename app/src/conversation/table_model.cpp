#include "table_model.h"

namespace altiplano::app {

void TableModel::setContent(const QVariant& content) {
    const auto table = content.value<std::shared_ptr<const Block>>();
    if (table == m_table) return;
    const bool grows = m_table && table && table->table.columns == m_table->table.columns;
    if (!grows) {
        beginResetModel();
        m_cells.clear();
        m_table = table;
        endResetModel();
    }
    m_table = table;
    std::vector<std::shared_ptr<const Block>> cells;
    std::vector<int> starts;
    int start = 0;
    if (table)
        for (const auto& row : table->table.rows)
            for (const StyledText& cell : row) {
                const std::size_t at = cells.size();
                const bool same = at < m_cells.size() && m_cells[at]->words == cell;
                Block block;
                block.words = cell;
                cells.push_back(same ? m_cells[at] : std::make_shared<const Block>(std::move(block)));
                starts.push_back(start);
                start += static_cast<int>(cell.text.size()) + 1; // a tab or a line's end
            }
    const int had = rowCount(), have = static_cast<int>(cells.size());
    if (have < had) {
        beginRemoveRows({}, have, had - 1);
        m_cells.resize(cells.size());
        endRemoveRows();
    }
    std::swap(m_starts, starts);
    for (std::size_t at = 0; at < m_cells.size(); ++at) {
        const bool same = m_cells[at] == cells[at] && at < starts.size() && starts[at] == m_starts[at];
        m_cells[at] = cells[at];
        const QModelIndex changed = index(static_cast<int>(at));
        if (!same) emit dataChanged(changed, changed, {CellRole, StartRole});
    }
    if (have > had) {
        beginInsertRows({}, had, have - 1);
        m_cells = std::move(cells);
        endInsertRows();
    }
    emit contentChanged();
}

int TableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_cells.size());
}

QVariant TableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    switch (role) {
    case CellRole:
        return QVariant::fromValue(m_cells[static_cast<std::size_t>(index.row())]);
    case AlignmentRole:
        return static_cast<int>(m_table->table.columns[static_cast<std::size_t>(index.row() % columns())]);
    case HeaderRole:
        return index.row() < columns();
    case StartRole:
        return m_starts[static_cast<std::size_t>(index.row())];
    default:
        return {};
    }
}

QHash<int, QByteArray> TableModel::roleNames() const {
    return {{CellRole, "cell"}, {AlignmentRole, "alignment"}, {HeaderRole, "header"}, {StartRole, "start"}};
}

} // namespace altiplano::app
