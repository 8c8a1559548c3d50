#pragma once

#include "downloads/download.h"

#include <QElapsedTimer>

#include <deque>
#include <vector>

namespace altiplano::app {

/// What the window shows of a download.
struct DownloadStatus {
    int id = 0;
    DownloadState::Value state = DownloadState::Waiting;
    QString name;                   ///< of the first file
    QString path;                   ///< where it is, or will be
    QUrl url;                       ///< of the first file
    QString host;                   ///< that sends
    qint64 received = 0, size = -1; ///< bytes of all files; -1: not known
    double bytesPerSecond = 0;      ///< in the last seconds
    int retryMs = -1;               ///< until it tries again; -1: it does not wait for that
    int file = 1, files = 1;        ///< the file under way, of how many
    bool verified = false;          ///< against a checksum, all of them
    DownloadFailure::Kind failure = DownloadFailure::None;
    WayOn::Value wayOn = WayOn::NoWay;
    QString sentence; ///< about the failure
};

/// One model on its way: its file, or the parts it is split into, one after the other. On the thread of its
/// downloads.
class DownloadSet : public QObject {
    Q_OBJECT
public:
    /// `name`: of the first file.
    DownloadSet(int id, const QList<QUrl>& urls, const QString& folder, const QString& name,
                const std::function<QNetworkAccessManager&()>& network, const DownloadOptions& options);

    void queue(); ///< to be started later
    void start();
    void pause();
    void startOver();
    void keepBoth(); ///< under another name, since that one is taken; then starts
    void discard();  ///< files that are complete stay

    bool isBusy() const; ///< as opposed to waiting for its start, or for the user
    DownloadStatus status();

signals:
    void changed();

private:
    DownloadState::Value state() const { return current().state(); }
    Download& current() const { return *m_files[m_current]; }
    bool isReserved() const;
    void begin();
    void setNames(const QString& first);
    void onStateChanged();
    qint64 received() const;
    qint64 size() const;
    double rate();

    const int m_id;
    std::vector<std::unique_ptr<Download>> m_files;
    size_t m_current = 0;
    bool m_begun = false;
    QTimer m_tick; ///< while bytes come or are checked
    QElapsedTimer m_clock;
    std::deque<std::pair<qint64, qint64>> m_history; ///< ms, bytes
};

/// "m (2).gguf" of "m.gguf", "m (2)-00001-of-00003.gguf" of "m-00001-of-00003.gguf"
QString numberedName(const QString& name, int number);

/// The name of another part: "m-00002-of-00003.gguf" of "m-00001-of-00003.gguf"; a whole file's as it is.
QString partName(const QString& name, int part);

} // namespace altiplano::app
