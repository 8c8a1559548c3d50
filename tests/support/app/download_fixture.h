#pragma once

#include "downloads/download.h"
#include "downloads/download_options.h"
#include "http_server.h"

#include <QDir>
#include <QNetworkAccessManager>
#include <QTemporaryDir>
#include <QTest>

namespace altiplano::app {

inline const QString kName = QStringLiteral("model.gguf");
inline const QByteArray kETag = "\"one\"";

inline QByteArray fileBytes(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline QByteArray digits(const QByteArray& bytes) {
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

/// A folder, a server with a file, and downloads of it.
struct DownloadFixture {
    void reset() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_server = std::make_unique<HttpServer>();
        m_options = {};
        m_options.pausesMs = {1, 1, 1, 1};
        m_options.stallMs = 20'000;
        m_body = ggufBytes(300'000, 7);
        serve({200, m_body, kETag});
    }

    QString path() const { return m_folder->filePath(kName); }
    QStringList files() const { return QDir(m_folder->path()).entryList(QDir::Files, QDir::Name); }
    HttpServer::Answer whole() const { return {200, m_body, kETag}; }
    void serve(const HttpServer::Answer& answer) {
        m_server->answer = [answer](const auto&) { return answer; };
    }
    std::function<QNetworkAccessManager&()> network() {
        return [this]() -> QNetworkAccessManager& { return m_network; };
    }
    std::unique_ptr<Download> make(const QString& target = QStringLiteral("/model.gguf")) {
        return std::make_unique<Download>(m_server->url(target), m_folder->path(), kName, network(),
                                          m_options);
    }
    std::unique_ptr<Download> begin(const QString& target = QStringLiteral("/model.gguf")) {
        auto download = make(target);
        download->start();
        return download;
    }
    static bool ends(const Download& download, DownloadState::Value how) {
        const bool ended = QTest::qWaitFor(
            [&] {
                return download.state() == DownloadState::Done || download.state() == DownloadState::Failed;
            },
            30'000);
        if (!ended || download.state() != how)
            qWarning() << "state" << download.state() << download.failure().kind
                       << download.failure().sentence();
        return ended && download.state() == how;
    }
    std::unique_ptr<Download> fails(DownloadFailure::Kind kind, WayOn::Value wayOn = WayOn::NoWay) {
        auto download = begin();
        [&] {
            QVERIFY(ends(*download, DownloadState::Failed));
            QCOMPARE(download->failure().kind, kind);
            if (wayOn != WayOn::NoWay) QCOMPARE(download->failure().wayOn(), wayOn);
            QVERIFY(!download->failure().sentence().isEmpty());
        }();
        return download;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<HttpServer> m_server;
    DownloadOptions m_options;
    QNetworkAccessManager m_network;
    QByteArray m_body;
};

} // namespace altiplano::app
