#pragma once

#include "chats/chat_list_model.h"

#include <QUrl>

#include <thread>

namespace altiplano::app {

/// Writes chats to files and reads them back, on a thread of its own; one thing at a time. GUI thread only.
class ChatTransfer : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Made by the application")
    Q_PROPERTY(bool busy READ busy NOTIFY changed)
    Q_PROPERTY(Outcome outcome READ outcome NOTIFY changed)
    Q_PROPERTY(QString file READ file NOTIFY changed)
    Q_PROPERTY(QString reason READ reason NOTIFY changed)
    Q_PROPERTY(int count READ count NOTIFY changed)
public:
    enum Outcome { Nothing, Imported, Exported, ImportFailed, ExportFailed };
    Q_ENUM(Outcome)

    ChatTransfer(ChatStore& store, ChatListModel& chats, QObject* parent = nullptr);

    Q_INVOKABLE void importFile(const QUrl& file);
    /// One chat, or (0) all that are not deleted; a file name that ends in .md gets Markdown, else JSON.
    Q_INVOKABLE void exportChats(qint64 chat, const QUrl& file);
    /// "Why is the sky blue.md" among the user's documents; chat 0: all of them.
    Q_INVOKABLE QUrl suggestedFile(qint64 chat, const QString& suffix) const;
    Q_INVOKABLE void dismiss();

    bool busy() const { return m_busy; }
    Outcome outcome() const { return m_outcome; } ///< of the last one, until dismissed
    QString file() const { return m_file; }
    QString reason() const { return m_reason; } ///< why it failed
    int count() const { return m_count; }       ///< of chats

signals:
    void changed();

private:
    struct Result {
        Outcome outcome = Nothing;
        int count = 0;
        QString reason;
    };

    bool begin(const QUrl& file);
    void collect(std::vector<ChatRecord> left, const std::shared_ptr<std::vector<ChatContent>>& collected);
    void work(std::function<Result()> work);

    ChatStore& m_store;
    ChatListModel& m_chats;
    bool m_busy = false;
    Outcome m_outcome = Nothing;
    QString m_file, m_reason;
    int m_count = 0;
    std::jthread m_thread;
};

} // namespace altiplano::app
