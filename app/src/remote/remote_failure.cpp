#include "remote_failure.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace altiplano::app {

namespace {

constexpr qsizetype kLongestMessage = 300;

QString messageIn(const QJsonValue& value) {
    if (value.isString()) return value.toString();
    if (value.isArray()) return messageIn(value.toArray().first());
    if (!value.isObject()) return {};
    const QJsonObject object = value.toObject();
    for (const char* name : {"error", "message", "detail", "msg"}) {
        const QString message = messageIn(object.value(QLatin1String(name)));
        if (!message.isEmpty()) return message;
    }
    return {};
}

QJsonValue jsonOf(const QByteArray& body) {
    const QJsonDocument document = QJsonDocument::fromJson(body);
    return document.isArray() ? QJsonValue(document.array()) : QJsonValue(document.object());
}

QString codeIn(const QByteArray& body) {
    const QJsonObject error = jsonOf(body).toObject().value(QStringLiteral("error")).toObject();
    return error.value(QStringLiteral("code")).toString() + u' ' +
           error.value(QStringLiteral("type")).toString();
}

/// ": too many requests" or nothing
QString after(const QString& message) {
    return message.isEmpty() ? QString() : QStringLiteral(": ") + message;
}

QString ended(const QString& sentence) {
    return sentence.isEmpty() || QStringLiteral(".!?。").contains(sentence.back()) ? sentence
                                                                                   : sentence + u'.';
}

QString usualAddress(const Endpoint& endpoint) {
    QUrl url = endpoint.url;
    url.setPath(QStringLiteral("/v1"));
    return url.toDisplayString();
}

bool isAboutAMissingModel(int status, const QByteArray& body, const QString& model) {
    if (model.isEmpty()) return false;
    return codeIn(body).contains(QStringLiteral("model_not_found")) ||
           (status == 404 && serverMessage(body).contains(QStringLiteral("model"), Qt::CaseInsensitive));
}

bool isAboutTheContext(const QByteArray& body) {
    const QString code = codeIn(body), message = serverMessage(body);
    return code.contains(QStringLiteral("context_length_exceeded")) ||
           code.contains(QStringLiteral("exceed_context_size")) ||
           message.contains(QStringLiteral("context length")) ||
           message.contains(QStringLiteral("context size"));
}

RemoteFailure wrongAddress(int status, const Endpoint& endpoint) {
    const QString usual = usualAddress(endpoint);
    const QString what = RemoteFailure::tr("%1 has nothing at %2 (%3).")
                             .arg(hostLabel(endpoint.url), endpoint.url.path())
                             .arg(status);
    return {RemoteFailure::Address,
            what + u' ' +
                (usual == endpoint.url.toDisplayString()
                     ? RemoteFailure::tr("Look up the address of the API in the server's manual.")
                     : RemoteFailure::tr("The address usually ends in /v1: try %1.").arg(usual))};
}

} // namespace

QString serverMessage(const QByteArray& body) {
    const QString message = messageIn(jsonOf(body)).simplified();
    return message.size() > kLongestMessage ? message.left(kLongestMessage) + QStringLiteral("…") : message;
}

RemoteFailure RemoteFailure::connection(QNetworkReply::NetworkError error, const QString& detail,
                                        const Endpoint& endpoint) {
    const QString host = hostLabel(endpoint.url);
    switch (error) {
    case QNetworkReply::HostNotFoundError:
        return {Address,
                tr("%1 was not found. Check the address, and the connection to the network.").arg(host)};
    case QNetworkReply::ConnectionRefusedError:
        return {Network,
                tr("Nothing answers at %1. Check that the server is running, and its port.").arg(host)};
    case QNetworkReply::SslHandshakeFailedError:
        return {Address,
                tr("There is no secure connection to %1: %2 If the server has no certificate, its address "
                   "begins with http://.")
                    .arg(host, ended(detail))};
    case QNetworkReply::RemoteHostClosedError:
    case QNetworkReply::ContentReSendError:
        return {Server,
                tr("%1 closed the connection without an answer. Look into the server's log, and try again.")
                    .arg(host)};
    case QNetworkReply::ProxyConnectionRefusedError:
    case QNetworkReply::ProxyConnectionClosedError:
    case QNetworkReply::ProxyNotFoundError:
    case QNetworkReply::ProxyTimeoutError:
    case QNetworkReply::ProxyAuthenticationRequiredError:
        return {
            Network,
            tr("The proxy does not let the connection to %1 through: %2 Check the system's proxy settings.")
                .arg(host, ended(detail))};
    default:
        return {Network, tr("The connection to %1 failed: %2 Try again.").arg(host, ended(detail))};
    }
}

RemoteFailure RemoteFailure::status(const QNetworkReply& reply, const QByteArray& body,
                                    const Endpoint& endpoint, const QString& model, bool withKey) {
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const QString host = hostLabel(endpoint.url);
    const QString message = serverMessage(body);
    if (status >= 300 && status < 400) {
        const QUrl target = reply.attribute(QNetworkRequest::RedirectionTargetAttribute).toUrl();
        return {Address, tr("%1 sends on to %2. If that is right, make it the address.")
                             .arg(host, reply.url().resolved(target).toDisplayString())};
    }
    if (status == 401)
        return {Key, withKey ? tr("%1 does not accept the key (401). Enter it again.").arg(host)
                             : tr("%1 wants a key (401). Enter it.").arg(host)};
    if (status == 403)
        return {
            Key,
            ended(tr("%1 does not allow this with the key that it got (403)%2").arg(host, after(message))) +
                u' ' + tr("Use another key, or ask who runs the server.")};
    if (isAboutAMissingModel(status, body, model))
        return {Model, tr("%1 no longer has the model “%2”. Choose another one.").arg(host, model)};
    if (status == 404 || status == 405) return wrongAddress(status, endpoint);
    if (status == 429) {
        const QString wait = QString::fromLatin1(reply.rawHeader("Retry-After"));
        const QString when = wait.toInt() > 0 ? tr("Try again in %1 s.").arg(wait) : tr("Try again later.");
        return {Server, ended(tr("%1 takes no more requests at present (429)%2").arg(host, after(message))) +
                            u' ' + when};
    }
    if (status >= 500)
        return {Server,
                ended(tr("%1 has a fault of its own (%2)%3").arg(host).arg(status).arg(after(message))) +
                    u' ' + tr("Try again later.")};
    if (isAboutTheContext(body) || status == 413)
        return {Request,
                ended(tr("The conversation is too long for this model at %1%2").arg(host, after(message))) +
                    u' ' + tr("Start a new chat, or go on from an earlier message.")};
    return {Request,
            ended(tr("%1 does not take this request (%2)%3").arg(host).arg(status).arg(after(message)))};
}

RemoteFailure RemoteFailure::notTheApi(const QByteArray& contentType, const QByteArray& body,
                                       const Endpoint& endpoint) {
    const bool page = contentType.startsWith("text/html") || body.trimmed().startsWith('<');
    const QString host = hostLabel(endpoint.url), usual = usualAddress(endpoint);
    const QString what = page ? tr("%1 answered with a web page, not as OpenAI's API.").arg(host)
                              : tr("%1 answered, but not as OpenAI's API does.").arg(host);
    return {Address, what + u' ' +
                         (usual == endpoint.url.toDisplayString()
                              ? tr("Look up the address of the API in the server's manual.")
                              : tr("The address usually ends in /v1: try %1.").arg(usual))};
}

RemoteFailure RemoteFailure::noConnectionWithin(int seconds, const Endpoint& endpoint) {
    return {
        Network,
        tr("There was no connection to %1 within %2 s. Check the address, and the connection to the network.")
            .arg(hostLabel(endpoint.url))
            .arg(seconds)};
}

RemoteFailure RemoteFailure::noAnswerWithin(int seconds, const Endpoint& endpoint) {
    return {Server, tr("%1 did not begin to answer within %2 s. It may be busy: try again later.")
                        .arg(hostLabel(endpoint.url))
                        .arg(seconds)};
}

RemoteFailure RemoteFailure::stalled(int seconds, const Endpoint& endpoint) {
    return {Server,
            tr("%1 has sent nothing more for %2 s. What came is kept: continue the answer, or try again.")
                .arg(hostLabel(endpoint.url))
                .arg(seconds)};
}

RemoteFailure RemoteFailure::brokeOff(const Endpoint& endpoint) {
    return {
        Server,
        tr("%1 ended the connection in the middle of the answer. What came is kept: continue the answer, or "
           "try again.")
            .arg(hostLabel(endpoint.url))};
}

RemoteFailure RemoteFailure::filtered(const Endpoint& endpoint) {
    return {Request,
            tr("A content filter at %1 ended the answer. Ask in other words.").arg(hostLabel(endpoint.url))};
}

RemoteFailure RemoteFailure::midway(const QString& message, const Endpoint& endpoint) {
    return {Server, ended(tr("%1 reports a fault in the middle of the answer%2")
                              .arg(hostLabel(endpoint.url), after(message))) +
                        u' ' + tr("What came is kept: continue the answer, or try again.")};
}

} // namespace altiplano::app
