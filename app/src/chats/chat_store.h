#pragma once

#include "chats/chat_file.h"
#include "chats/id_source.h"

#include <QObject>
#include <QPointer>
#include <QtQml/qqmlregistration.h>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace altiplano::app {

/// All chats on the disk, on a thread of their own: no call waits for it. Calls are done in their order;
/// answers come on the GUI thread, unless the one who asked is gone by then. Calls come from the GUI thread;
/// save may come from any. The destructor does what was still to be done.
class ChatStore : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Made by the application")
    Q_PROPERTY(Trouble trouble READ trouble NOTIFY troubleChanged)
    Q_PROPERTY(QString troublePath READ troublePath NOTIFY troubleChanged)
    Q_PROPERTY(QString troubleDetail READ troubleDetail NOTIFY troubleChanged)
    Q_PROPERTY(int recoveredChats READ recoveredChats NOTIFY troubleChanged)
public:
    enum Trouble { // StorageTrouble::Kind
        NoTrouble,
        DiskFull,
        ReadOnly,
        Unreadable,
        TooNew,
        Recovered,
    };
    Q_ENUM(Trouble)

    explicit ChatStore(const QString& folder, QObject* parent = nullptr); ///< the file in it is chats.db
    ~ChatStore() override;

    /// Stores or replaces, all or nothing. `done` is told when it is on the disk, or in memory where the disk
    /// failed.
    void save(std::vector<ChatRecord> chats, std::vector<MessageRecord> messages, QObject* asker = nullptr,
              std::function<void()> done = {});

    void list(QObject* asker, std::function<void(const std::vector<ChatRecord>&)> done);
    void messages(ChatId chat, QObject* asker, std::function<void(std::vector<MessageRecord>)> done);
    void search(const QString& words, QObject* asker,
                std::function<void(const std::vector<SearchHit>&)> done);

    Q_INVOKABLE void retry();          ///< to store what is in memory only
    Q_INVOKABLE void dismissTrouble(); ///< it was read

    IdSource& ids() { return m_ids; } ///< any thread
    qint64 newId() { return m_ids.next(); }

    Trouble trouble() const { return static_cast<Trouble>(m_trouble.kind); }
    QString troublePath() const { return m_trouble.path; }
    QString troubleDetail() const { return m_trouble.detail; }
    int recoveredChats() const { return m_trouble.chats; }

signals:
    void troubleChanged();

private:
    using Job = std::function<void(ChatFile&)>;

    void post(Job job);
    void run(const std::stop_token& quit, const QString& path);
    void reportTrouble(const StorageTrouble& trouble);
    template <typename Call>
    void answer(const QPointer<QObject>& asker, Call call);

    IdSource m_ids;
    StorageTrouble m_trouble; ///< as the window was told

    std::mutex m_mutex; ///< guards m_jobs
    std::condition_variable_any m_wake;
    std::deque<Job> m_jobs;
    std::jthread m_thread; ///< last: it uses all of the above
};

} // namespace altiplano::app
