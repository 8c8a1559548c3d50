// altiplano_chat_child FOLDER: what the crash test kills. It chats by itself through the app's own classes
// and prints what a user would have seen so far: "sent", "started" (the engine has the prompt), and "shown
// MILLISECONDS CHARACTERS".
#include "chat_controller.h"
#include "presets/preset_model.h"
#include "scripted_engine.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <cstdio>

using namespace altiplano::app;

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    const QCoreApplication application(argc, argv);
    std::setvbuf(stdout, nullptr, _IONBF, 0);
    Settings settings(QString::fromLocal8Bit(argv[1]) + QStringLiteral("/settings.ini"));
    ScriptedEngine engine;
    engine.setLoadMs(0);
    QString answer;
    for (int word = 0; word < 4000; ++word)
        answer += QStringLiteral("word%1 ").arg(word);
    engine.setAnswers({{answer, 400, 10, 0}});
    ModelController model(engine, settings);
    ChatStore store(settings.dataFolder());
    ChatListModel chats(store);
    PresetModel presets(settings);
    ChatController chat(engine, model, store, chats, presets);
    QElapsedTimer clock;
    clock.start();

    bool started = false;
    QObject::connect(&engine, &EnginePort::loaded, &chat, [&] {
        chat.send(QStringLiteral("A question"));
        std::puts("sent");
    });
    QObject::connect(&engine, &EnginePort::answered, &chat, [&] {
        if (!started) std::puts("started");
        started = true;
        std::printf("shown %lld %lld\n", static_cast<long long>(clock.elapsed()),
                    static_cast<long long>(chat.messages()->text(1).size()));
    });
    model.open(QStringLiteral("/models/any.gguf"));
    return QCoreApplication::exec();
}
