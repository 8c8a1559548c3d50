#include "downloads/download_options.h"

#include <QDir>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QStorageInfo>

namespace altiplano::app {

namespace {

/// The proxies that the desktop or the environment names.
class SystemProxies : public QNetworkProxyFactory {
public:
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery& query) override {
        if (QHostAddress(query.peerHostName()).isLoopback()) return {QNetworkProxy::NoProxy};
        return systemProxyForQuery(query);
    }
};

QNetworkAccessManager* makeManager() {
    auto* manager = new QNetworkAccessManager;
    manager->setProxyFactory(new SystemProxies); // owned by the manager
    return manager;
}

qint64 freeOn(const QString& folder) {
    QDir().mkpath(folder);
    return QStorageInfo(folder).bytesAvailable();
}

} // namespace

DownloadOptions::DownloadOptions() : makeNetwork(makeManager), freeBytes(freeOn) {}

} // namespace altiplano::app
