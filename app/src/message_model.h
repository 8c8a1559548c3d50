#pragma once

#include "block_model.h"

#include <QAbstractListModel>
#include <QString>
#include <QtQml/qqmlregistration.h>

#include <memory>
#include <vector>

namespace altiplano::app {

/// The turns of one conversation, oldest first; a turn's content is a list of blocks. An answer streams into
/// the last row. GUI thread only.
class MessageModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Belongs to the chat")
public:
    enum Sender { User, Assistant };
    Q_ENUM(Sender)
    /// Waiting and Streaming go on; the others are final. Full: the context was; Cut: the length limit was.
    enum State { Waiting, Streaming, Complete, Stopped, Full, Cut, Failed };
    Q_ENUM(State)
    enum Role { SenderRole = Qt::UserRole + 1, BlocksRole, StateRole, ErrorRole, ForgottenRole };

    struct Message {
        Sender sender = User;
        State state = Complete;
        QString text;  ///< everything, as it was sent or came
        QString error; ///< the sentence of a Failed answer
        std::unique_ptr<BlockModel> blocks;
    };

    using QAbstractListModel::QAbstractListModel;

    void addUserMessage(const QString& text);
    void addAnswer();                                         ///< an empty one, Waiting
    void appendText(const QString& text);                     ///< to the last row, which becomes Streaming
    void closeAnswer(State state, const QString& error = {}); ///< the last row is final
    void removeLast();
    void forgetBefore(int row); ///< the model no longer sees the rows before this one

    const std::vector<Message>& messages() const { return m_messages; }
    std::vector<Message> takeAll();              ///< leaves the model empty
    void restore(std::vector<Message> messages); ///< replaces the content

    Q_INVOKABLE QString text(int row) const;
    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

private:
    void add(Message message);
    void lastChanged(const QList<int>& roles);

    std::vector<Message> m_messages;
    int m_forgotten = 0;
};

} // namespace altiplano::app
