#pragma once

#include <QHash>
#include <QRegularExpression>
#include <QSslServer>
#include <QTcpSocket>
#include <QTimer>
#include <QUrl>

#include <functional>
#include <memory>

namespace altiplano::app {

/// A small HTTP server on this machine that answers as it is told, which may be badly. Lives on the thread of
/// whoever makes it.
class HttpServer {
public:
    struct Request {
        QByteArray target;                     ///< "/model.gguf"
        QHash<QByteArray, QByteArray> headers; ///< names in lower case
        /// The first byte that is asked for.
        qint64 from() const {
            return headers.value("range").mid(6).chopped(1).toLongLong(); // "bytes=N-"
        }
    };
    struct Answer {
        int status = 200;
        QByteArray body{};
        QByteArray etag{};               ///< with its quotes
        QList<QByteArray> headers{};     ///< more of them, each a line
        bool ranges = true;              ///< a Range is honoured, if its If-Range fits
        qint64 saidLength = kTrueLength; ///< in Content-Length
        qint64 cutAfter = -1;            ///< bytes of the body; then the connection breaks
        qint64 stallAfter = -1;          ///< bytes of the body; then silence
        int pieceBytes = 0, pieceMs = 0; ///< the body comes in pieces
    };
    static constexpr qint64 kTrueLength = -1, kNoLength = -2;

    HttpServer() : HttpServer(std::make_unique<QTcpServer>(), QStringLiteral("http")) {}
    /// Speaks https with this certificate and key.
    explicit HttpServer(const QSslConfiguration& tls)
        : HttpServer(std::make_unique<QSslServer>(), QStringLiteral("https")) {
        static_cast<QSslServer&>(*m_server).setSslConfiguration(tls);
    }

    QUrl url(const QString& path) const {
        return QUrl(
            QStringLiteral("%1://127.0.0.1:%2%3").arg(m_scheme).arg(m_server->serverPort()).arg(path));
    }
    /// No connection comes about any more.
    void close() { m_server->close(); }

    std::function<Answer(const Request&)> answer;
    QList<Request> requests;

private:
    HttpServer(std::unique_ptr<QTcpServer> server, const QString& scheme)
        : m_server(std::move(server)), m_scheme(scheme) {
        m_server->listen(QHostAddress::LocalHost);
        const auto serveAll = [this] {
            while (QTcpSocket* socket = m_server->nextPendingConnection())
                serve(socket);
        };
        QObject::connect(m_server.get(), &QTcpServer::newConnection, m_server.get(), serveAll);
        QObject::connect(m_server.get(), &QTcpServer::pendingConnectionAvailable, m_server.get(), serveAll);
    }

    void serve(QTcpSocket* socket) {
        QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        auto read = std::make_shared<QByteArray>();
        QObject::connect(socket, &QTcpSocket::readyRead, m_server.get(), [this, socket, read] {
            *read += socket->readAll();
            const qsizetype end = read->indexOf("\r\n\r\n");
            if (end < 0) return;
            requests << parsed(read->left(end));
            read->clear();
            send(socket, requests.back(), answer(requests.back()));
        });
    }

    static Request parsed(const QByteArray& head) {
        QList<QByteArray> lines = head.split('\n');
        Request request{lines.takeFirst().split(' ').value(1), {}};
        for (const QByteArray& line : lines) {
            const qsizetype colon = line.indexOf(':');
            request.headers[line.left(colon).toLower()] = line.mid(colon + 1).trimmed();
        }
        return request;
    }

    void send(QTcpSocket* socket, const Request& request, Answer given) {
        QByteArray head, body = given.body;
        const QByteArray condition = request.headers.value("if-range");
        const bool part = given.ranges && given.status == 200 && request.headers.contains("range") &&
                          (condition.isEmpty() || condition == given.etag ||
                           given.headers.contains("Last-Modified: " + condition));
        if (part && request.from() >= body.size()) {
            given.status = 416;
            body.clear();
        } else if (part) {
            given.status = 206;
            body = body.mid(request.from());
            head = "Content-Range: bytes " + QByteArray::number(request.from()) + '-' +
                   QByteArray::number(given.body.size() - 1) + '/' + QByteArray::number(given.body.size()) +
                   "\r\n";
        }
        head.prepend("HTTP/1.1 " + QByteArray::number(given.status) + " Because\r\n");
        if (!given.etag.isEmpty()) head += "ETag: " + given.etag + "\r\n";
        for (const QByteArray& line : given.headers)
            head += line + "\r\n";
        if (given.saidLength != kNoLength)
            head += "Content-Length: " +
                    QByteArray::number(given.saidLength == kTrueLength ? body.size() : given.saidLength) +
                    "\r\n";
        socket->write(head + "Connection: close\r\n\r\n");
        if (given.stallAfter >= 0) {
            socket->write(body.left(given.stallAfter));
        } else if (given.pieceBytes > 0) {
            sendPieces(socket, body, given);
        } else {
            socket->write(given.cutAfter >= 0 ? body.left(given.cutAfter) : body);
            socket->disconnectFromHost();
        }
    }

    static void sendPieces(QTcpSocket* socket, const QByteArray& body, const Answer& given) {
        auto* timer = new QTimer(socket);
        auto sent = std::make_shared<qint64>(0);
        QObject::connect(timer, &QTimer::timeout, socket, [socket, body, sent, size = given.pieceBytes] {
            socket->write(body.mid(*sent, size));
            *sent += size;
            if (*sent >= body.size()) socket->disconnectFromHost();
        });
        timer->start(given.pieceMs);
    }

    std::unique_ptr<QTcpServer> m_server;
    QString m_scheme;
};

/// Bytes that begin as a GGUF file does.
inline QByteArray ggufBytes(qsizetype size, quint64 seed) {
    QByteArray bytes(size, Qt::Uninitialized);
    quint64 x = seed | 1;
    for (char& byte : bytes) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        byte = static_cast<char>(x);
    }
    return bytes.replace(0, 4, "GGUF");
}

} // namespace altiplano::app
