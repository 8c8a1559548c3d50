#include "scripted_server.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <memory>

namespace altiplano::app {

namespace {

QByteArray asEvent(const QJsonObject& json) {
    return "data: " + QJsonDocument(json).toJson(QJsonDocument::Compact) + "\n\n";
}

} // namespace

QJsonObject ScriptedServer::Request::json() const {
    return QJsonDocument::fromJson(body).object();
}

ScriptedServer::ScriptedServer() {
    listen(QHostAddress::LocalHost);
    connect(this, &QTcpServer::newConnection, this, [this] {
        while (QTcpSocket* socket = nextPendingConnection()) {
            m_open.append(socket);
            ++m_accepted;
            connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
                m_open.removeAll(socket);
                socket->deleteLater();
            });
            auto received = std::make_shared<QByteArray>();
            connect(socket, &QTcpSocket::readyRead, this,
                    [this, socket, received] { read(*socket, *received); });
        }
    });
}

void ScriptedServer::shutDown() {
    close();
    for (QTcpSocket* socket : QList(m_open))
        socket->abort();
}

QUrl ScriptedServer::url(const QString& path) const {
    return QUrl(QStringLiteral("http://127.0.0.1:%1%2").arg(serverPort()).arg(path));
}

void ScriptedServer::read(QTcpSocket& socket, QByteArray& received) {
    received += socket.readAll();
    if (!received.startsWith("GET ") && !received.startsWith("POST ")) { // somebody speaks TLS
        socket.write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
        return socket.disconnectFromHost();
    }
    const qsizetype end = received.indexOf("\r\n\r\n");
    if (end < 0) return;
    QList<QByteArray> lines = received.left(end).split('\n');
    const QList<QByteArray> first = lines.takeFirst().trimmed().split(' ');
    Request request{first.value(0), first.value(1), {}, {}};
    for (const QByteArray& line : lines)
        request.headers[line.left(line.indexOf(':')).trimmed().toLower()] =
            line.mid(line.indexOf(':') + 1).trimmed();
    const qsizetype length = request.headers.value("content-length").toLongLong();
    if (received.size() < end + 4 + length) return;
    request.body = received.mid(end + 4, length);
    received.remove(0, end + 4 + length);
    m_requests.append(request);
    m_answers.value(request.path, reply(404, "Not here", "text/plain"))(socket, request);
}

ScriptedServer::Answer ScriptedServer::reply(int status, const QByteArray& body, const QByteArray& type,
                                             const QByteArray& headers) {
    return [=](QTcpSocket& socket, const Request&) {
        socket.write("HTTP/1.1 " + QByteArray::number(status) + " As told\r\nContent-Type: " + type +
                     "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n" + headers + "\r\n" +
                     body);
    };
}

void ScriptedServer::beginStream(QTcpSocket& socket) {
    socket.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
}

ScriptedServer::Answer ScriptedServer::stream(const QByteArray& body) {
    return [=](QTcpSocket& socket, const Request&) {
        beginStream(socket);
        socket.write(body);
        socket.disconnectFromHost();
    };
}

QByteArray ScriptedServer::delta(const QString& text) {
    return asEvent(
        {{"choices", QJsonArray{QJsonObject{{"index", 0}, {"delta", QJsonObject{{"content", text}}}}}}});
}

QByteArray ScriptedServer::finish(const char* reason) {
    return asEvent({{"choices", QJsonArray{QJsonObject{
                                    {"index", 0}, {"delta", QJsonObject{}}, {"finish_reason", reason}}}}});
}

QByteArray ScriptedServer::usage(int prompt, int generated) {
    return asEvent({{"choices", QJsonArray{}},
                    {"usage", QJsonObject{{"prompt_tokens", prompt},
                                          {"completion_tokens", generated},
                                          {"total_tokens", prompt + generated}}}});
}

} // namespace altiplano::app
