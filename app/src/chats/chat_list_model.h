#pragma once

#include "chats/chat_store.h"

#include <QAbstractListModel>
#include <QDate>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include <unordered_map>
#include <vector>

namespace altiplano::app {

/// All chats as the sidebar shows them: the pinned first, then by the day of the last word; or, while
/// something is searched for, those that have the words. It has the newest record of each chat and stores
/// every change. GUI thread only.
class ChatListModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Made by the application")
    Q_PROPERTY(View view READ view WRITE setView NOTIFY viewChanged)
    Q_PROPERTY(QString searched READ searched WRITE setSearched NOTIFY searchedChanged)
    Q_PROPERTY(bool searching READ searching NOTIFY searchedChanged)
    Q_PROPERTY(int count READ count NOTIFY countChanged)
    Q_PROPERTY(int archivedCount READ archivedCount NOTIFY countChanged)
    Q_PROPERTY(int deletedCount READ deletedCount NOTIFY countChanged)
    Q_PROPERTY(QString undoTitle READ undoTitle NOTIFY undoChanged)
    Q_PROPERTY(UndoKind undoKind READ undoKind NOTIFY undoChanged)
public:
    enum View { Present, Archived, Deleted };
    Q_ENUM(View)
    enum UndoKind { NoUndo, UndoDelete, UndoArchive };
    Q_ENUM(UndoKind)
    enum Role {
        IdRole = Qt::UserRole + 1,
        TitleRole,
        SectionRole, ///< "pinned", "today", "yesterday", "week", or "2026-01" for a month
        PinnedRole,
        ArchivedRole,
        DeletedRole,
        AnsweringRole,
        ExcerptRole, ///< of the message found, as styled text with the words in bold; empty: none
        MessageRole, ///< the message found; 0: none
    };

    explicit ChatListModel(ChatStore& store, QObject* parent = nullptr);

    /// Puts the new state of a chat, or a new chat, here and with some of its messages on the disk; `done` is
    /// told when they are there.
    void put(const ChatRecord& chat, std::vector<MessageRecord> messages = {}, QObject* asker = nullptr,
             std::function<void()> done = {});
    const ChatRecord* find(ChatId id) const; ///< null: there is none; valid until the next change
    std::vector<ChatRecord> all() const;     ///< the oldest first
    void setAnswering(ChatId id, bool answering);
    /// What is on the disk has changed by itself, such as by an import.
    void reload();

    Q_INVOKABLE void rename(qint64 id, const QString& title); ///< an empty title changes nothing
    Q_INVOKABLE void setPinned(qint64 id, bool pinned);
    Q_INVOKABLE void setArchived(qint64 id, bool archived);
    Q_INVOKABLE void duplicate(qint64 id);
    Q_INVOKABLE void remove(qint64 id);  ///< can be undone; gone for good after 30 days
    Q_INVOKABLE void restore(qint64 id); ///< back from the deleted
    Q_INVOKABLE void undo();             ///< the last remove or setArchived(true)
    Q_INVOKABLE void dismissUndo();
    Q_INVOKABLE int rowOf(qint64 id) const; ///< -1: not shown

    View view() const { return m_view; }
    void setView(View view);
    QString searched() const { return m_searched; }
    void setSearched(const QString& words);
    bool searching() const { return !m_searched.trimmed().isEmpty(); }
    int count() const { return static_cast<int>(m_rows.size()); }
    int archivedCount() const { return m_archived; }
    int deletedCount() const { return m_deleted; }
    QString undoTitle() const;
    UndoKind undoKind() const { return m_undoKind; }

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

signals:
    void viewChanged();
    void searchedChanged();
    void countChanged();
    void undoChanged();
    void recordChanged(qint64 id); ///< something about it, or it is new
    void duplicated(qint64 id, qint64 copy);

private:
    struct Row {
        ChatId id = 0;
        MessageId message = 0;
        QString excerpt;
        bool operator==(const Row&) const = default;
    };

    void onListed(const std::vector<ChatRecord>& chats);
    void search();
    void arrange();
    std::vector<Row> arranged() const;
    bool belongs(const ChatRecord& chat) const;
    void show(std::vector<Row> rows);
    QString sectionOf(const ChatRecord& chat) const;
    void offerUndo(UndoKind kind, ChatId id);
    void waitForMidnight();

    ChatStore& m_store;
    std::unordered_map<ChatId, ChatRecord> m_chats;
    std::vector<Row> m_rows;
    std::vector<SearchHit> m_hits;
    std::vector<ChatId> m_answering;
    View m_view = Present;
    QString m_searched;
    QString m_searchRunning; ///< the words the store looks for now
    bool m_searchOut = false;
    int m_archived = 0, m_deleted = 0;
    UndoKind m_undoKind = NoUndo;
    ChatId m_undoId = 0;
    QDate m_today;
    QTimer m_midnight;
};

} // namespace altiplano::app
