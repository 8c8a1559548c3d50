#include "quit_signals.h"

#include <QCoreApplication>
#include <QSocketNotifier>

#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace altiplano::app {

namespace {

constexpr int kSignals[] = {SIGTERM, SIGINT, SIGHUP};

/// A signal handler may do little more than write: it wakes the event loop through this pipe.
int wakePipe[2] = {-1, -1};

void onSignal(int) {
    const char byte = 0;
    [[maybe_unused]] const auto written = write(wakePipe[1], &byte, 1);
}

} // namespace

QuitSignals::QuitSignals(QObject* parent) : QObject(parent) {
    if (pipe2(wakePipe, O_CLOEXEC | O_NONBLOCK) != 0) return;
    const auto* notifier = new QSocketNotifier(wakePipe[0], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, &QCoreApplication::quit);
    for (const int signal : kSignals)
        std::signal(signal, onSignal);
}

QuitSignals::~QuitSignals() {
    for (const int signal : kSignals)
        std::signal(signal, SIG_DFL);
    for (int& end : wakePipe) {
        if (end >= 0) close(end);
        end = -1;
    }
}

} // namespace altiplano::app
