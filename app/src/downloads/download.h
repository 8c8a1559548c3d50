#pragma once

#include "downloads/download_failure.h"
#include "downloads/part_file.h"

#include <QObject>
#include <QTimer>

#include <memory>

class QNetworkAccessManager;
class QNetworkReply;

namespace altiplano::app::DownloadState {
Q_NAMESPACE
QML_ELEMENT
enum Value {
    Waiting, ///< to be started, or to try again
    Running,
    Paused,
    Checking, ///< all is here; its checksum is computed
    Done,
    Failed,
};
Q_ENUM_NS(Value)
} // namespace altiplano::app::DownloadState

namespace altiplano::app {

struct DownloadOptions;

/// One file on its way from a server into a folder. What has come lies in a PartFile, so a pause, a dropped
/// connection or another run of the app goes on where it ended, unless the file on the server has changed.
/// Lives on one thread, which needs an event loop; does nothing before start().
class Download : public QObject {
    Q_OBJECT
public:
    /// `network` is called at each request, so not before start(); the options must outlive this.
    Download(const QUrl& url, const QString& folder, const QString& name,
             std::function<QNetworkAccessManager&()> network, const DownloadOptions& options);
    ~Download() override;

    void queue(); ///< shows as waiting, until it is started
    void start(); ///< or goes on, or tries again after a failure
    void pause();
    void startOver();
    void discard();                    ///< stops, and removes what has come
    void keepName();                   ///< the server's opinion on the name does not count
    void setName(const QString& name); ///< of a download that has not begun
    bool reserve();                    ///< notes on the disk that this file is wanted
    /// As many files of about this size come after it: their room is needed, too.
    void setFilesToCome(int count) { m_filesToCome = count; }

    DownloadState::Value state() const { return m_state; }
    const DownloadFailure& failure() const { return m_failure; }
    qint64 received() const { return m_part->size(); }
    qint64 size() const { return m_part->facts.size; } ///< -1: not known
    QUrl url() const { return m_url; }
    QString host() const { return m_host; } ///< that sends, or was asked last
    QString name() const { return m_part->name(); }
    QString path() const { return m_part->path(); }
    bool isVerified() const { return m_state == DownloadState::Done && !m_part->facts.sha256.isEmpty(); }
    bool isReserved() const { return m_part->exists() && !isTaken(); }
    int retryMs() const; ///< until it tries again; -1: it does not wait for that
    bool isTaken() const {
        return m_part->facts.url != m_url || m_part->isTaken();
    } ///< the name, by another file

signals:
    void stateChanged();

private:
    void setState(DownloadState::Value state);
    void request();
    void send(const QUrl& url);
    void dropReply();
    void onReadyRead();
    void onFinished();
    bool takeAnswer();
    bool takeWhole();
    bool takeRest();
    bool take(const QByteArray& bytes);
    bool hasRoom();
    bool isResumable() const;
    void noteLinkedFacts();
    void followRedirect();
    void onBodyEnd();
    void check();
    void finish();
    void again();
    void retry(DownloadFailure::Kind kind);
    void fail(DownloadFailure::Kind kind, const QString& detail = {}, qint64 expected = -1, qint64 got = -1);

    const QUrl m_url;
    const QString m_folder;
    const std::function<QNetworkAccessManager&()> m_network;
    const DownloadOptions& m_options;
    std::unique_ptr<PartFile> m_part;
    bool m_nameIsFixed = false;
    int m_filesToCome = 0;

    DownloadState::Value m_state = DownloadState::Waiting;
    QString m_host;
    DownloadFailure m_failure;
    QTimer m_timer; ///< for the next try, or the next slice to check
    QNetworkReply* m_reply = nullptr;
    bool m_taking = false; ///< the answer's head was found good
    int m_redirects = 0, m_tries = 0, m_restarts = 0;
    qint64 m_ofThisAnswer = 0, m_sinceRoomCheck = 0;
    bool m_answered = false;  ///< the server has sent something since start()
    qint64 m_linkedSize = -1; ///< as a redirect told
    QByteArray m_linkedSha256;
};

} // namespace altiplano::app
