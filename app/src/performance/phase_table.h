#pragma once

#include "phase.h"

#include <QAbstractListModel>
#include <QtQml/qqmlregistration.h>

#include <vector>

namespace altiplano::app {

/// The phases of a token with what they took on average, in the order of Phase; those that took nothing in
/// this run or the last are left out.
class PhaseTable : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Belongs to the performance model")
public:
    enum Role { PhaseRole = Qt::UserRole + 1, TitleRole, SentenceRole, NsRole, ShareRole, ChangeRole };
    Q_ENUM(Role)

    struct Row {
        Phase phase = Phase::Other;
        double ns = 0;     ///< per token
        double share = 0;  ///< of the token's wall time, 0..1
        double change = 0; ///< ns over the last run's, less 1; NaN: not known
    };

    using QAbstractListModel::QAbstractListModel;

    /// Sums over so many tokens each; `last` may have none.
    void setRuns(const Breakdown& sum, double tokens, const Breakdown& last, double lastTokens);

    Q_INVOKABLE static QString title(int phase) { return phaseTitle(static_cast<Phase>(phase)); }

    /// Of every row what this role has, for whoever shows a column in one piece.
    Q_INVOKABLE QVariantList column(altiplano::app::PhaseTable::Role role) const;

    const std::vector<Row>& rows() const { return m_rows; }
    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

private:
    std::vector<Row> m_rows;
};

} // namespace altiplano::app
