#pragma once

#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QTcpServer>
#include <QTcpSocket>
#include <QUrl>

#include <functional>

namespace altiplano::app {

/// An HTTP server on 127.0.0.1 that answers as a test tells it to, byte for byte.
class ScriptedServer : public QTcpServer {
    Q_OBJECT
public:
    struct Request {
        QByteArray method, path;
        QMap<QByteArray, QByteArray> headers; ///< names in lower case
        QByteArray body;
        QJsonObject json() const;
    };
    using Answer = std::function<void(QTcpSocket& socket, const Request& request)>;

    /// Listens at once; requests to a path that nothing was set for get 404.
    ScriptedServer();

    void on(const QByteArray& path, Answer answer) { m_answers[path] = std::move(answer); }
    /// An answer that is complete.
    static Answer reply(int status, const QByteArray& body, const QByteArray& type = "application/json",
                        const QByteArray& headers = {});
    /// These bytes as the body of an event stream, then the connection ends.
    static Answer stream(const QByteArray& body);
    static void beginStream(QTcpSocket& socket);
    static QByteArray delta(const QString& text);       ///< as an event
    static QByteArray finish(const char* reason);       ///< as an event
    static QByteArray usage(int prompt, int generated); ///< as an event

    QUrl url(const QString& path = QStringLiteral("/v1")) const;
    const QList<Request>& requests() const { return m_requests; }
    void shutDown(); ///< nothing listens, and what was open is closed
    int connections() const { return static_cast<int>(m_open.size()); } ///< that are open
    int accepted() const { return m_accepted; }                         ///< connections, ever

private:
    void read(QTcpSocket& socket, QByteArray& received);

    QMap<QByteArray, Answer> m_answers;
    QList<Request> m_requests;
    QList<QTcpSocket*> m_open;
    int m_accepted = 0;
};

} // namespace altiplano::app
