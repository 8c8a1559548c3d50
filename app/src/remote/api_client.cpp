#include "api_client.h"

#include <QIODevice>
#include <QNetworkProxyFactory>
#include <QNetworkReply>
#include <QNetworkRequest>

#include <algorithm>

namespace altiplano::app {

namespace {

class ProxyForOthers : public QNetworkProxyFactory {
public:
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery& query) override {
        if (staysHere(query.url())) return {QNetworkProxy(QNetworkProxy::NoProxy)};
        return systemProxyForQuery(query);
    }
};

/// A request's body that can be read once: Qt sends a request again when a connection ends too early, unless
/// it cannot.
class OnceBody : public QIODevice {
public:
    explicit OnceBody(const QByteArray& bytes) : m_rest(bytes) { open(QIODevice::ReadOnly); }
    bool isSequential() const override { return true; }
    bool seek(qint64) override { return false; }
    qint64 bytesAvailable() const override { return m_rest.size() + QIODevice::bytesAvailable(); }

protected:
    qint64 readData(char* to, qint64 most) override {
        const qint64 count = std::min<qint64>(most, m_rest.size());
        if (count == 0) return -1;
        std::copy_n(m_rest.cbegin(), count, to);
        m_rest.remove(0, count);
        return count;
    }
    qint64 writeData(const char*, qint64) override { return -1; }

private:
    QByteArray m_rest;
};

} // namespace

ApiClient::ApiClient() {
    m_network.setProxyFactory(new ProxyForOthers); // owned by the manager
}

QNetworkRequest ApiClient::request(const Endpoint& endpoint, const QString& path, const QString& key) {
    QNetworkRequest request(apiUrl(endpoint.url, path));
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    // 401 is answered by the user, not by Qt
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    request.setRawHeader("Accept-Encoding", "identity"); // a compressor would hold the stream back
    if (!key.isEmpty()) request.setRawHeader("Authorization", "Bearer " + key.toUtf8());
    return request;
}

QNetworkReply* ApiClient::get(const Endpoint& endpoint, const QString& path, const QString& key) {
    QNetworkRequest get = request(endpoint, path, key);
    get.setRawHeader("Accept", "application/json");
    return m_network.get(get);
}

QNetworkReply* ApiClient::post(const Endpoint& endpoint, const QString& path, const QString& key,
                               const QByteArray& body) {
    QNetworkRequest post = request(endpoint, path, key);
    post.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    post.setRawHeader("Accept", "text/event-stream");
    post.setHeader(QNetworkRequest::ContentLengthHeader, body.size());
    post.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
    auto* once = new OnceBody(body);
    QNetworkReply* reply = m_network.post(post, once);
    once->setParent(reply);
    return reply;
}

} // namespace altiplano::app
