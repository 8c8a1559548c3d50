#pragma once

#include "block_model.h"
#include "chats/message_tree.h"

#include <QAbstractListModel>
#include <QString>
#include <QtQml/qqmlregistration.h>

#include <memory>
#include <unordered_map>
#include <vector>

namespace altiplano::app {

/// The messages of one chat that are shown: one branch of its tree, oldest first. A message's content is a
/// list of blocks, made when it is first looked at, so that a long chat opens at once. GUI thread only.
class MessageModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Belongs to the chat")
    QML_EXTENDED_NAMESPACE(altiplano::app::turn)
public:
    using Sender = turn::Sender;
    using State = turn::State;
    using enum turn::Sender;
    using enum turn::State;
    enum Role {
        SenderRole = Qt::UserRole + 1,
        BlocksRole,
        StateRole,
        ErrorRole,
        ForgottenRole,   ///< the model no longer sees it: the context was full
        BranchRole,      ///< which of branchCount this is, from 0
        BranchCountRole, ///< how many there are of this message: edited, or answered again
        TokensRole,      ///< of an answer; this and the next two are 0 where they are not known
        TokensPerSecondRole,
        FirstTokenMsRole,
        ModelRole, ///< the name of the one that answered
        IdRole,
    };

    using QAbstractListModel::QAbstractListModel;

    /// Shows another chat from here on, at that message or (0) at its newest. Blocks of the last one go with
    /// it.
    void show(MessageTree tree, MessageId leaf);
    /// Puts a message after its parent, in place of what followed it, which becomes another branch.
    void add(MessageRecord message);
    void setLeaf(MessageId leaf);                       ///< shows the branch that ends there
    void appendText(MessageId id, const QString& text); ///< shown or not; the message becomes Streaming
    void close(MessageId id, State state, const AnswerFigures& figures, const QString& error = {});
    void reopen(MessageId id);  ///< more will be appended to an answer that had ended
    void forgetBefore(int row); ///< the model no longer sees the rows before this one

    const MessageTree& tree() const { return m_tree; }
    const MessageRecord& at(int row) const; ///< a row that exists
    MessageId leaf() const { return m_path.empty() ? 0 : m_path.back(); }
    int rowOf(MessageId id) const; ///< -1: not shown

    Q_INVOKABLE QString text(int row) const;
    Q_INVOKABLE bool isQuestion(int row) const; ///< the user's words
    Q_INVOKABLE QString
    question(int back) const; ///< the user's words, 0: the newest; empty: there are no more
    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

private:
    BlockModel* blocksOf(const MessageRecord& message) const;
    void showPath(std::vector<MessageId> path);
    void changed(MessageId id, const QList<int>& roles);

    MessageTree m_tree;
    std::vector<MessageId> m_path;
    mutable std::unordered_map<MessageId, std::unique_ptr<BlockModel>> m_blocks; ///< those looked at
    int m_forgotten = 0;
};

} // namespace altiplano::app
