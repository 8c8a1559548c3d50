#include "endpoint.h"

#include <QCoreApplication>
#include <QHostAddress>
#include <QRegularExpression>

namespace altiplano::app {

namespace {

constexpr QLatin1String kScheme("remote:");

struct Address {
    Q_DECLARE_TR_FUNCTIONS(Address)
};

QHostAddress addressOf(const QUrl& url) {
    return QHostAddress(url.host());
}

/// Servers in the own network rarely have certificates; those with a name in the world do.
QString likelyScheme(const QUrl& url) {
    const bool own = staysHere(url) || !addressOf(url).isNull() || !url.host().contains(u'.') ||
                     url.host().endsWith(QStringLiteral(".local"));
    return own ? QStringLiteral("http") : QStringLiteral("https");
}

} // namespace

QString RemoteModel::path() const {
    return QString(kScheme) + endpoint + u'/' + name;
}

QString RemoteModel::displayName() const {
    QString last = name.section(u'/', -1, -1, QString::SectionSkipEmpty);
    if (last.endsWith(QStringLiteral(".gguf"))) last.chop(5);
    return last.isEmpty() ? name : last;
}

std::optional<RemoteModel> RemoteModel::fromPath(const QString& path) {
    const qsizetype slash = path.indexOf(u'/');
    if (!isRemotePath(path) || slash < 0) return {};
    return RemoteModel{path.mid(kScheme.size(), slash - kScheme.size()), path.mid(slash + 1)};
}

bool isRemotePath(const QString& path) {
    return path.startsWith(kScheme);
}

ReadAddress readAddress(const QString& typed) {
    const QString text = typed.trimmed();
    if (text.isEmpty()) return {{}, Address::tr("An address is needed, such as http://localhost:8080/v1.")};
    const bool hasScheme = text.contains(QStringLiteral("://"));
    QUrl url(hasScheme ? text : QStringLiteral("http://") + text, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty())
        return {{}, Address::tr("This is not an address. One looks like http://localhost:8080/v1.")};
    if (!hasScheme) url.setScheme(likelyScheme(url));
    if (url.scheme() != QStringLiteral("http") && url.scheme() != QStringLiteral("https"))
        return {{}, Address::tr("The address has to begin with http:// or https://.")};
    if (!url.userInfo().isEmpty())
        return {{},
                Address::tr("Leave the name and the password out of the address: a key has its own field.")};
    if (url.hasQuery() || url.hasFragment())
        return {{}, Address::tr("Leave out what follows “?” or “#”: a key has its own field.")};
    static const QRegularExpression tail(QStringLiteral("/*(/chat/completions|/models)?/*$"));
    QString path = url.path();
    path.remove(tail);
    url.setPath(path.isEmpty() ? QStringLiteral("/v1") : path);
    return {url, {}};
}

QUrl apiUrl(const QUrl& base, const QString& path) {
    QUrl url = base;
    url.setPath(base.path() + u'/' + path);
    return url;
}

QString hostLabel(const QUrl& url) {
    const QString host = url.host().contains(u':') ? u'[' + url.host() + u']' : url.host();
    return url.port() < 0 ? host : host + u':' + QString::number(url.port());
}

bool staysHere(const QUrl& url) {
    return url.host() == QStringLiteral("localhost") || url.host().endsWith(QStringLiteral(".localhost")) ||
           addressOf(url).isLoopback();
}

bool isEncrypted(const QUrl& url) {
    return url.scheme() == QStringLiteral("https");
}

} // namespace altiplano::app
