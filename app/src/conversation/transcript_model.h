#pragma once

#include "block_model.h"

#include <QAbstractListModel>
#include <QElapsedTimer>
#include <QPointer>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include <vector>

namespace altiplano::app {

/// A conversation as rows of a page: the blocks of each message, then the message's foot, so that a view
/// makes items only for what is on the screen, however long a message or a chat is. Every row has the roles
/// of its block (empty in a foot) and those of its message. Of a long chat the newest messages come first and
/// the others while the window is idle. Text that streams in is let in line by line, for a part of a frame at
/// a time. GUI thread only.
class TranscriptModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    /// A list of messages with a role "blocks" that holds their BlockModel. Must outlive this or be reset.
    Q_PROPERTY(QAbstractItemModel* messages READ messages WRITE setMessages NOTIFY messagesChanged)
public:
    enum Role {
        MessageRole = Qt::UserRole + 100, ///< row of the message
        FootRole,                         ///< it is the message's last row, below its blocks
        FirstRole,                        ///< it is the message's first
        LastMessageRole,                  ///< nothing follows the message
        RowsRole,                         ///< this model, for a TranscriptRow
        MessageRoles,                     ///< from here on those of the messages
    };

    explicit TranscriptModel(QObject* parent = nullptr);
    ~TranscriptModel() override;

    QAbstractItemModel* messages() const { return m_messages; }
    void setMessages(QAbstractItemModel* messages);

    /// The first row of a message, which is taken in if that has not happened yet; -1: there is none.
    Q_INVOKABLE int rowOfMessage(int message);
    Q_INVOKABLE int messageOfRow(int row) const;
    Q_INVOKABLE void setUnfolded(int message, bool unfolded);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

signals:
    void messagesChanged();
    void replaced(int row); ///< removed and inserted anew, as another kind; for who was at the old one
    void lineTaken();       ///< for a view to lay out at once, so that this is a part of what the line took

private:
    struct Entry {
        QPointer<BlockModel> blocks;
        int start = 0; ///< its first row
        int count = 0; ///< of its blocks
    };

    void reset();
    void takeInEarlier();
    void takeIn(int first, int last);
    void onRemoving(int first, int last);
    void onDataChanged(int first, int last, const QList<int>& roles);
    void lastChanged(int entry = -1);
    void follow(BlockModel* blocks);
    void leave(BlockModel* blocks);
    void grow(BlockModel* blocks);
    void letIn();
    Entry entryOf(int message) const;
    int entryIndex(const BlockModel* blocks) const;
    void renumber(int entry);
    bool isStale(int message) const;

    QPointer<QAbstractItemModel> m_messages;
    int m_blocksRole = -1;
    int m_first = 0; ///< the messages before are not taken in yet
    std::vector<Entry> m_entries;
    QTimer m_idle;
    QPointer<BlockModel> m_growing;
    QElapsedTimer m_sinceSlice; ///< that text was let in: no more in this frame
    QTimer m_frame;             ///< runs while text waits for the next one
    bool m_removing = false;
};

} // namespace altiplano::app
