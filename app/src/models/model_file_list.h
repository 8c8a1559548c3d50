#pragma once

#include "models/model_facts.h"

#include <QAbstractListModel>
#include <QHash>
#include <QSet>

#include <vector>

namespace altiplano::app {

/// Known model files, in no order.
class ModelFileList : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role {
        PathRole = Qt::UserRole + 1,
        NameRole,
        TitleRole, ///< what the file calls itself
        ArchitectureRole,
        QuantizationRole,
        LicenseRole,
        ParametersRole,
        BytesRole,
        ModifiedRole,
        PartsRole,
        ContextTokensRole,
        LayersRole,
        ProblemRole,
    };

    using QAbstractListModel::QAbstractListModel;

    void put(const std::vector<ModelFacts>& some);
    void keepOnly(const QSet<QString>& paths);
    void remove(const QString& path);
    const ModelFacts* find(const QString& path) const; ///< null: not known; valid until the next change
    QModelIndex indexOf(const QString& path) const;    ///< invalid: not known
    const ModelFacts& at(int row) const { return m_rows[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

private:
    int rowOf(const QString& path) const; ///< -1: none
    void removeRow(int row);

    std::vector<ModelFacts> m_rows;
};

} // namespace altiplano::app
