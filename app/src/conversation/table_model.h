#pragma once

#include "block.h"
#include "text_looks.h"

#include <QAbstractListModel>
#include <QFont>
#include <QtQml/qqmlregistration.h>

#include <memory>
#include <vector>

namespace altiplano::app {

/// The rows of a table, and how wide its columns are: as their words want, or else narrower, down to their
/// longest word. As the table grows, only rows that differ change. Rows that another table had and this one
/// has not stay, empty, so that their items need not be made again. GUI thread only.
class TableModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    /// The table's BlockPointer.
    Q_PROPERTY(QVariant content READ content WRITE setContent NOTIFY contentChanged)
    Q_PROPERTY(double available MEMBER m_available NOTIFY looksChanged) ///< pixels that all columns may take
    Q_PROPERTY(double narrowest MEMBER m_narrowest NOTIFY looksChanged) ///< that a column can always have
    Q_PROPERTY(double padding MEMBER m_padding NOTIFY looksChanged)     ///< of a cell, at either side
    Q_PROPERTY(QFont font MEMBER m_font NOTIFY looksChanged)
    Q_PROPERTY(QFont headerFont MEMBER m_headerFont NOTIFY looksChanged)
    Q_PROPERTY(QString monospace MEMBER m_monospace NOTIFY looksChanged)
    Q_PROPERTY(int codeSize MEMBER m_codeSize NOTIFY looksChanged) ///< pixels
    Q_PROPERTY(QList<double> columnWidths READ columnWidths NOTIFY columnWidthsChanged)
    Q_PROPERTY(double width READ width NOTIFY columnWidthsChanged)
public:
    enum Role {
        RowRole = Qt::UserRole + 1, ///< a BlockPointer: a table of that row alone; none: an empty row
        HeaderRole,
        StartRole, ///< where the row begins in the table's plain text
    };

    explicit TableModel(QObject* parent = nullptr);

    QVariant content() const { return QVariant::fromValue(m_table); }
    void setContent(const QVariant& content);
    QList<double> columnWidths() const { return m_widths; }
    double width() const; ///< of all columns

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

signals:
    void contentChanged();
    void looksChanged();
    void columnWidthsChanged();

private:
    struct Row {
        std::shared_ptr<const Block> block;
        int start = 0;
        std::vector<TextWidth> widths; ///< of its cells
    };

    Row made(std::size_t at, int start) const;
    void measure();
    void rowChanged(std::size_t at);

    std::shared_ptr<const Block> m_table;
    std::vector<Row> m_rows;
    double m_available = 0, m_narrowest = 0, m_padding = 0;
    QFont m_font, m_headerFont;
    QString m_monospace;
    int m_codeSize = 0;
    QList<double> m_widths;
};

/// The widths of columns that want `wanted` and can have no less than `least`, in so much room: those that
/// want little have it, and the others share what is left.
QList<double> sharedWidths(const QList<double>& wanted, const QList<double>& least, double room);

} // namespace altiplano::app
