#pragma once

#include <QObject>

namespace altiplano::app {

/// While it lives, SIGTERM, SIGINT and SIGHUP (the session ends, Ctrl-C, the terminal closes) quit the
/// application in an orderly way, so that everything is stored. One at a time; made on the GUI thread.
class QuitSignals : public QObject {
    Q_OBJECT
public:
    explicit QuitSignals(QObject* parent = nullptr);
    ~QuitSignals() override;
};

} // namespace altiplano::app
