// altiplano_chat_bench: what docs/measurements/app.md reports of chats. Prints medians and the slowest.
#include "chats/chat_database.h"
#include "main_window.h"
#include "scripted_engine.h"

#include <QElapsedTimer>
#include <QGuiApplication>
#include <QQuickItem>
#include <QQuickWindow>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <random>

using namespace altiplano::app;

namespace {

constexpr int kRepeats = 9;
constexpr const char* kWords[] = {"plateau", "llama",  "the",   "of",    "and",  "memory", "token", "quick",
                                  "river",   "answer", "model", "house", "blue", "salt",   "wind",  "stone"};

/// Text of about that many words, each also with a number, so that there are many different ones.
QString textOf(std::mt19937_64& random, int words) {
    QString text;
    for (int i = 0; i < words; ++i)
        text += QLatin1String(kWords[random() % std::size(kWords)]) +
                (i % 3 ? QString() : QString::number(random() % 50'000)) + u' ';
    return text;
}

ChatContent chatOf(std::mt19937_64& random, IdSource& ids, int messages) {
    ChatContent content;
    content.chat.id = ids.next();
    content.chat.title = textOf(random, 5).trimmed();
    content.chat.changed = 1'700'000'000'000;
    for (int i = 0; i < messages; ++i) {
        MessageRecord message;
        message.id = ids.next();
        message.chat = content.chat.id;
        message.parent = content.chat.leaf;
        message.sender = i % 2 ? turn::Assistant : turn::User;
        message.text = textOf(random, i % 2 ? 80 : 20);
        content.chat.leaf = message.id;
        content.messages.push_back(std::move(message));
    }
    return content;
}

void report(const char* what, std::vector<double> ms) {
    std::sort(ms.begin(), ms.end());
    std::printf("%-52s %8.2f ms  (slowest of %zu: %.2f)\n", what, ms[ms.size() / 2], ms.size(), ms.back());
}

void search(const QString& path) {
    std::mt19937_64 random(1);
    IdSource ids;
    ChatDatabase file(path);
    for (int chats = 0; chats < 1000; ++chats) {
        const ChatContent content = chatOf(random, ids, 100);
        file.put({content.chat}, content.messages);
    }
    std::printf("%lld messages, %.0f MB\n",
                static_cast<long long>(file.sql().integer("SELECT count(*) FROM messages")),
                static_cast<double>(file.sql().integer("PRAGMA page_count")) * 4096 / 1e6);
    for (const char* words : {"p", "pl", "plat", "plateau", "plateau llama", "plateau12345", "llama4",
                              "the of and memory", "nowhere"}) {
        std::vector<double> ms;
        for (int i = 0; i < kRepeats; ++i) {
            QElapsedTimer clock;
            clock.start();
            file.search(QString::fromLatin1(words));
            ms.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
        }
        report(qPrintable(QStringLiteral("search \"%1\"").arg(QLatin1String(words))), ms);
    }
}

void waitFor(const std::function<bool()>& reached) {
    QTimer tick;
    tick.start(1);
    while (!reached())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
}

/// From the click on a chat to the frame that shows its end.
void open(const QString& folder) {
    std::mt19937_64 random(2);
    IdSource ids;
    const ChatContent large = chatOf(random, ids, 10'000);
    const ChatContent small = chatOf(random, ids, 2);
    ChatDatabase(folder + QStringLiteral("/chats.db")).put({large.chat, small.chat}, [&] {
        auto all = large.messages;
        all.insert(all.end(), small.messages.begin(), small.messages.end());
        return all;
    }());
    Settings settings(folder + QStringLiteral("/settings.ini"));
    ScriptedEngine engine;
    MainWindow main(engine, settings);
    main.show({});
    ChatController& chat = *main.context().chat();
    waitFor([&] { return main.context().chats()->count() == 2; });
    std::vector<double> ms;
    bool painted = false;
    QObject::connect(main.window(), &QQuickWindow::frameSwapped, main.window(), [&] { painted = true; });
    for (int i = 0; i < kRepeats; ++i) {
        chat.openChat(small.chat.id);
        waitFor([&] { return chat.chatId() == small.chat.id; });
        QElapsedTimer clock;
        clock.start();
        chat.openChat(large.chat.id);
        waitFor([&] { return chat.chatId() == large.chat.id; });
        painted = false;
        waitFor([&] { return painted; });
        ms.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
    }
    report("open a chat of 10,000 messages, to its first frame", ms);
}

} // namespace

int main(int argc, char** argv) {
    qputenv("ALTIPLANO_STARTER_MODEL", "/nonexistent");
    const QGuiApplication application(argc, argv);
    setUpApplication();
    const QTemporaryDir searched, opened;
    search(searched.filePath(QStringLiteral("chats.db")));
    open(opened.path());
    return 0;
}
