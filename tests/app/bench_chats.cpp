// altiplano_chat_bench FOLDER: what docs/measurements/app.md reports of chats. The first run makes the chats
// in the folder, later ones time them and print medians and the slowest.
#include "chats/chat_database.h"
#include "main_window.h"
#include "scripted_engine.h"
#include "window_program.h"

#include <QElapsedTimer>
#include <QGuiApplication>
#include <QQuickItem>
#include <QQuickWindow>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>

using namespace altiplano::app;

namespace {

constexpr int kRepeats = 9;
constexpr int kVocabulary = 40'000;

/// The vocabulary's words are made of syllables; the lower the rank, the commoner.
QString wordOf(std::uint64_t rank) {
    static constexpr const char* kSyllables[] = {"ba",  "ten",  "lo",  "mir", "sa",  "plan", "ke",
                                                 "vor", "ni",   "dru", "el",  "con", "ra",   "ti",
                                                 "mo",  "ster", "gu",  "pe",  "al",  "fin"};
    QString word;
    for (std::uint64_t rest = rank * 7919 % 160'000; word.isEmpty() || rest > 0;
         rest /= std::size(kSyllables))
        word += QLatin1String(kSyllables[rest % std::size(kSyllables)]);
    return word;
}

/// Text of that many words, as often as words of that rank are (Zipf's law).
QString textOf(std::mt19937_64& random, int words) {
    QString text;
    std::uniform_real_distribution<double> share(0, 1);
    for (int i = 0; i < words; ++i)
        text += wordOf(static_cast<std::uint64_t>(std::pow(double{kVocabulary}, share(random)))) + u' ';
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

void makeSearched(const QString& path) {
    std::mt19937_64 random(1);
    IdSource ids;
    ChatDatabase file(path);
    for (int chats = 0; chats < 1000; ++chats) {
        const ChatContent content = chatOf(random, ids, 100);
        file.put({content.chat}, content.messages);
    }
}

void search(const QString& path) {
    ChatDatabase file(path);
    std::printf("%lld messages, %.0f MB\n",
                static_cast<long long>(file.sql().integer("SELECT count(*) FROM messages")),
                static_cast<double>(file.sql().integer("PRAGMA page_count")) * 4096 / 1e6);
    const QString common = wordOf(1), usual = wordOf(300), rare = wordOf(20'000);
    for (const QString& words :
         {common.left(1), common.left(2), common, usual.left(3), usual.left(4), usual.left(5), usual,
          common + u' ' + usual, rare, QStringLiteral("nowhere")}) {
        std::vector<double> ms;
        for (int i = 0; i < kRepeats; ++i) {
            QElapsedTimer clock;
            clock.start();
            file.search(words);
            ms.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
        }
        report(qPrintable(QStringLiteral("search \"%1\"").arg(words)), ms);
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
    if (argc != 2) return 2;
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    const QString searched = QString::fromLocal8Bit(argv[1]) + QStringLiteral("/searched.db");
    if (!QFile::exists(searched)) {
        makeSearched(searched);
        return 0;
    }
    search(searched);
    return windowProgram("altiplano_chat_bench", [] {
        const QTemporaryDir opened;
        open(opened.path());
        return 0;
    });
}
