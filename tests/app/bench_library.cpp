// altiplano_library_bench FOLDER MODEL.gguf: lists 500 links to a model file in FOLDER, reading every header,
// and again from what is known; how long that takes, and the longest that the GUI thread was not there for
// events.
#include "models/model_library.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTimer>

#include <cstdio>
#include <unistd.h>

using namespace altiplano::app;

namespace {

constexpr int kFiles = 500;

void time(const char* what, Settings& settings) {
    QElapsedTimer clock, gap;
    qint64 longest = 0;
    QTimer beat;
    QObject::connect(&beat, &QTimer::timeout, [&] {
        longest = std::max(longest, gap.nsecsElapsed());
        gap.start();
    });
    clock.start();
    ModelLibrary library(settings);
    beat.start(1);
    gap.start();
    library.refresh();
    while (library.scanning())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    std::printf("%-24s %4d files %8.1f ms, longest gap of the GUI thread %6.1f ms\n", what, library.total(),
                static_cast<double>(clock.nsecsElapsed()) / 1e6, static_cast<double>(longest) / 1e6);
}

} // namespace

int main(int argc, char** argv) {
    QCoreApplication application(argc, argv);
    if (argc != 3) {
        std::fputs("usage: altiplano_library_bench FOLDER MODEL.gguf\n", stderr);
        return 2;
    }
    const QDir folder(QString::fromLocal8Bit(argv[1]));
    qputenv("ALTIPLANO_STARTER_MODEL", "/nonexistent");
    for (int i = 0; i < kFiles; ++i) {
        const QString below = QStringLiteral("models/%1").arg(i / 25);
        folder.mkpath(below);
        const QString link = folder.filePath(QStringLiteral("%1/model-%2.gguf").arg(below).arg(i));
        if (!QFile::exists(link) && ::link(argv[2], link.toLocal8Bit().constData()) != 0) {
            std::perror("altiplano_library_bench");
            return 1;
        }
    }
    Settings settings(folder.filePath(QStringLiteral("settings.ini")));
    for (int round = 0; round < 3; ++round) {
        QFile::remove(folder.filePath(QStringLiteral("model-facts")));
        time("every header read", settings);
        time("known from before", settings);
    }
    return 0;
}
