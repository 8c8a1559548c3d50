#pragma once

#include "block.h"

#include <QAbstractListModel>
#include <QtQml/qqmlregistration.h>

#include <memory>
#include <vector>

namespace altiplano::app {

/// Code in pieces of some lines, each small enough to be laid out and drawn anew with every token: as the
/// code grows, only the last piece changes. GUI thread only.
class CodePieces : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QVariant content READ content WRITE setContent NOTIFY contentChanged) ///< a BlockPointer
public:
    enum Role {
        PieceRole = Qt::UserRole + 1, ///< a BlockPointer
        StartRole,                    ///< where it begins in the code
        StateRole,                    ///< what goes on in it from the lines before: see stateAfter
    };

    using QAbstractListModel::QAbstractListModel;

    QVariant content() const { return QVariant::fromValue(m_code); }
    void setContent(const QVariant& content);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

signals:
    void contentChanged();

private:
    struct Piece {
        std::shared_ptr<const Block> block;
        int start = 0;
        int state = 0;
    };
    Piece pieceFrom(int start, int state) const;

    std::shared_ptr<const Block> m_code;
    std::vector<Piece> m_pieces;
};

} // namespace altiplano::app
