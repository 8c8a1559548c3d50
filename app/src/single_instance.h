#pragma once

#include <QLocalServer>
#include <QLockFile>
#include <QObject>
#include <QString>

#include <memory>

namespace altiplano::app {

/// One window for one data folder: the first start listens, a later one tells it what it was given and
/// leaves. Where the folder cannot be written there is no telling, and every start is the first.
class SingleInstance : public QObject {
    Q_OBJECT
public:
    /// What a later start was given.
    struct Start {
        QString file; ///< absolute; empty: none
        QString
            activationToken; ///< lets the window take the focus (XDG_ACTIVATION_TOKEN, DESKTOP_STARTUP_ID)
    };

    explicit SingleInstance(const QString& dataFolder, QObject* parent = nullptr);

    bool isFirst() const { return m_first; }
    QString address() const { return m_socket; } ///< of the first one's socket
    /// Tells the first one; false if it does not listen, as when it hangs.
    bool tellFirst(const Start& start) const;

signals:
    void startedAgain(const altiplano::app::SingleInstance::Start& start);

private:
    void listen();
    void onConnected();

    QString m_socket;
    QLockFile m_lock;
    bool m_first = false;
    std::unique_ptr<QLocalServer> m_server;
};

} // namespace altiplano::app
