#include "startup_clock.h"

#include <QFile>
#include <QLoggingCategory>

#include <ctime>
#include <unistd.h>

namespace altiplano::app {

namespace {

Q_LOGGING_CATEGORY(startup, "altiplano.startup", QtInfoMsg)

/// Milliseconds since the process began, loading of libraries included; proc(5), /proc/pid/stat, field 22.
double processAgeMs() {
    QFile stat(QStringLiteral("/proc/self/stat"));
    if (!stat.open(QIODevice::ReadOnly)) return 0;
    const QByteArray line = stat.readAll();
    const QList<QByteArray> fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
    const double startMs = fields.value(22 - 3).toDouble() * 1000 / static_cast<double>(sysconf(_SC_CLK_TCK));
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6 - startMs;
}

} // namespace

void logStartup(const char* event) {
    if (startup().isDebugEnabled()) qCDebug(startup).noquote() << event << "after" << processAgeMs() << "ms";
}

} // namespace altiplano::app
