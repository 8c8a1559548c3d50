#pragma once

#include "block.h"

#include <QAbstractListModel>
#include <QtQml/qqmlregistration.h>

#include <memory>
#include <vector>

namespace altiplano::app {

/// The cells of a table, row by row. As the table grows, only cells that differ change. GUI thread only.
class TableModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(
        QVariant content READ content WRITE setContent NOTIFY contentChanged) ///< the table's BlockPointer
    Q_PROPERTY(int columns READ columns NOTIFY contentChanged)
public:
    enum Role {
        CellRole = Qt::UserRole + 1,
        AlignmentRole,
        HeaderRole,
        StartRole, ///< where the cell begins in the table's plain text
    };

    using QAbstractListModel::QAbstractListModel;

    QVariant content() const { return QVariant::fromValue(m_table); }
    void setContent(const QVariant& content);
    int columns() const { return m_table ? static_cast<int>(m_table->table.columns.size()) : 0; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index,
                  int role) const override; ///< CellRole: a BlockPointer, a paragraph
    QHash<int, QByteArray> roleNames() const override;

signals:
    void contentChanged();

private:
    std::shared_ptr<const Block> m_table;
    std::vector<std::shared_ptr<const Block>> m_cells;
    std::vector<int> m_starts; ///< of the cells
};

} // namespace altiplano::app
