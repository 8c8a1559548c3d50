#include "chats/chat_store.h"

#include <QDateTime>

#include <chrono>
#include <utility>

namespace altiplano::app {

namespace {

static_assert(int{ChatStore::Recovered} == int{StorageTrouble::Recovered});

constexpr std::chrono::seconds kRetryAfter{5};
constexpr qint64 kKeepDeletedMs = 30LL * 24 * 3600 * 1000;

} // namespace

ChatStore::ChatStore(const QString& folder, QObject* parent)
    : QObject(parent), m_thread([this, path = folder + QStringLiteral("/chats.db")](
                                    const std::stop_token& quit) { run(quit, path); }) {}

ChatStore::~ChatStore() {
    m_thread.request_stop();
    m_thread.join();
}

void ChatStore::post(Job job) {
    {
        const std::lock_guard lock(m_mutex);
        m_jobs.push_back(std::move(job));
    }
    m_wake.notify_one();
}

void ChatStore::run(const std::stop_token& quit, const QString& path) {
    ChatFile file(path);
    file.purge(QDateTime::currentMSecsSinceEpoch() - kKeepDeletedMs);
    StorageTrouble told;
    while (true) {
        if (file.trouble() != told) reportTrouble(told = file.trouble());
        Job job;
        {
            std::unique_lock lock(m_mutex);
            const auto ready = [this] { return !m_jobs.empty(); };
            if (file.holdsUnsaved())
                m_wake.wait_for(lock, quit, kRetryAfter, ready);
            else
                m_wake.wait(lock, quit, ready);
            if (!m_jobs.empty()) {
                job = std::move(m_jobs.front());
                m_jobs.pop_front();
            } else if (quit.stop_requested()) {
                break;
            }
        }
        try {
            if (job)
                job(file);
            else
                file.retry();
        } catch (
            const std::exception& error) { // the memory is exhausted: this job is lost, the others are not
            reportTrouble(told = {StorageTrouble::Unreadable, QString::fromUtf8(error.what()), path, 0});
        }
    }
    file.retry();
}

void ChatStore::reportTrouble(const StorageTrouble& trouble) {
    QMetaObject::invokeMethod(
        this,
        [this, trouble] {
            m_trouble = trouble;
            emit troubleChanged();
        },
        Qt::QueuedConnection);
}

/// Calls on the GUI thread.
template <typename Call>
void ChatStore::answer(const QPointer<QObject>& asker, Call call) {
    QMetaObject::invokeMethod(
        this,
        [asker, call = std::move(call)]() mutable {
            if (asker) call();
        },
        Qt::QueuedConnection);
}

void ChatStore::save(std::vector<ChatRecord> chats, std::vector<MessageRecord> messages, QObject* asker,
                     std::function<void()> done) {
    post([this, chats = std::move(chats), messages = std::move(messages), asker = QPointer(asker),
          done = std::move(done)](ChatFile& file) {
        file.put(chats, messages);
        if (done) answer(asker, done);
    });
}

void ChatStore::list(QObject* asker, std::function<void(const std::vector<ChatRecord>&)> done) {
    post([this, asker = QPointer(asker), done = std::move(done)](ChatFile& file) {
        answer(asker, [chats = file.chats(), done] { done(chats); });
    });
}

void ChatStore::messages(ChatId chat, QObject* asker, std::function<void(std::vector<MessageRecord>)> done) {
    post([this, chat, asker = QPointer(asker), done = std::move(done)](ChatFile& file) {
        answer(asker, [messages = file.messages(chat), done]() mutable { done(std::move(messages)); });
    });
}

void ChatStore::search(const QString& words, QObject* asker,
                       std::function<void(const std::vector<SearchHit>&)> done) {
    post([this, words, asker = QPointer(asker), done = std::move(done)](ChatFile& file) {
        answer(asker, [hits = file.search(words), done] { done(hits); });
    });
}

void ChatStore::retry() {
    post([](ChatFile& file) { file.retry(); });
}

void ChatStore::dismissTrouble() {
    m_trouble = {};
    emit troubleChanged();
}

} // namespace altiplano::app
