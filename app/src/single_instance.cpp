#include "single_instance.h"

#include <QCryptographicHash>
#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocalSocket>
#include <QStandardPaths>

namespace altiplano::app {

namespace {

constexpr int kPatienceMs = 2000;
constexpr qint64 kMostBytes = 64 * 1024;

/// Short, since the path of a socket may have only 107 bytes, and different for each data folder.
QString socketFor(const QString& dataFolder) {
    const QByteArray key =
        QCryptographicHash::hash(QDir(dataFolder).absolutePath().toUtf8(), QCryptographicHash::Sha1);
    return QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation) +
           QStringLiteral("/altiplano-%1").arg(QString::fromLatin1(key.toHex().left(16)));
}

} // namespace

SingleInstance::SingleInstance(const QString& dataFolder, QObject* parent)
    : QObject(parent), m_socket(socketFor(dataFolder)), m_lock(dataFolder + QStringLiteral("/lock")) {
    QDir().mkpath(dataFolder);
    m_lock.setStaleLockTime(0); // only a process that lives holds it
    m_first = m_lock.tryLock(0) || m_lock.error() != QLockFile::LockFailedError;
    if (m_first) listen();
}

void SingleInstance::listen() {
    QLocalServer::removeServer(m_socket); // of a process that crashed: we have its lock
    m_server = std::make_unique<QLocalServer>();
    m_server->setSocketOptions(QLocalServer::UserAccessOption);
    connect(m_server.get(), &QLocalServer::newConnection, this, &SingleInstance::onConnected);
    m_server->listen(m_socket);
}

bool SingleInstance::tellFirst(const Start& start) const {
    QLocalSocket socket;
    socket.connectToServer(m_socket);
    if (!socket.waitForConnected(kPatienceMs)) return false;
    const QJsonObject message{{QStringLiteral("file"), start.file},
                              {QStringLiteral("token"), start.activationToken}};
    socket.write(QJsonDocument(message).toJson(QJsonDocument::Compact) + '\n');
    if (!socket.waitForBytesWritten(kPatienceMs)) return false;
    return socket.waitForDisconnected(kPatienceMs) || socket.state() == QLocalSocket::UnconnectedState;
}

void SingleInstance::onConnected() {
    QLocalSocket* socket = m_server->nextPendingConnection();
    connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
    connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
        if (!socket->canReadLine()) {
            if (socket->bytesAvailable() > kMostBytes) socket->abort();
            return;
        }
        const QJsonDocument message = QJsonDocument::fromJson(socket->readLine());
        socket->disconnectFromServer();
        if (!message.isObject()) return;
        emit startedAgain(
            {message[QStringLiteral("file")].toString(), message[QStringLiteral("token")].toString()});
    });
}

} // namespace altiplano::app
