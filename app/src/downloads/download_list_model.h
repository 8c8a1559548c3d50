#pragma once

#include "downloads/download_service.h"

#include <QAbstractListModel>
#include <QThread>
#include <QVariantList>

namespace altiplano::app {

class Settings;

/// The downloads as the window shows them, the newest first, and all that a user does with them. Those that
/// another run of the app left are there, paused. Nothing is sent anywhere before download() or resume(), and
/// nothing to a server that the user has not been asked about: see askedHost. GUI thread only; the work is
/// done on a thread of its own, which ends with this.
class DownloadListModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Made by the application")
    Q_PROPERTY(int count READ count NOTIFY countChanged)
    Q_PROPERTY(int running READ running NOTIFY runningChanged)
    Q_PROPERTY(QString askedHost READ askedHost NOTIFY askedChanged)
    Q_PROPERTY(QString askedFile READ askedFile NOTIFY askedChanged)
    Q_PROPERTY(QString folder READ folder CONSTANT)
    Q_PROPERTY(QVariantList catalogue READ catalogue CONSTANT)
public:
    enum Role {
        IdRole = Qt::UserRole + 1,
        StateRole, ///< DownloadState
        NameRole,
        PathRole,
        HostRole,
        LinkRole,
        ReceivedRole,
        SizeRole,         ///< bytes; -1: not known
        RateRole,         ///< bytes/s
        SecondsLeftRole,  ///< -1: not known
        RetrySecondsRole, ///< until it tries again; -1: it does not wait for that
        FileRole,
        FilesRole,
        VerifiedRole,
        WayOnRole, ///< WayOn
        SentenceRole,
    };

    /// Downloads go to `folder`.
    DownloadListModel(Settings& settings, const QString& folder, const DownloadOptions& options = {},
                      QObject* parent = nullptr);
    ~DownloadListModel() override;

    Q_INVOKABLE QString problemOf(const QString& link) const; ///< a sentence; empty: it can be downloaded
    Q_INVOKABLE void download(const QString& link);
    Q_INVOKABLE void allow(); ///< the server that was asked about, now and later
    Q_INVOKABLE void deny();
    Q_INVOKABLE void pause(int id);
    Q_INVOKABLE void resume(int id); ///< or tries again
    Q_INVOKABLE void startOver(int id);
    Q_INVOKABLE void keepBoth(int id);
    Q_INVOKABLE void remove(int id); ///< from the list, with what has come of an unfinished one
    Q_INVOKABLE QString pathOf(const QString& link) const; ///< of its first file, if that is here; else empty
    Q_INVOKABLE QUrl page(int id) const;                   ///< where one can read about the model

    int count() const { return static_cast<int>(m_rows.size()); }
    int running() const; ///< that are not at rest
    QString askedHost() const { return m_asked.isEmpty() ? QString() : m_asked.host(); }
    QString askedFile() const;
    QString folder() const { return m_folder; }
    QVariantList catalogue() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

signals:
    void countChanged();
    void runningChanged();
    void askedChanged();
    void finished(const QString& path);
    void failed(const QString& name, const QString& sentence);

private:
    void restore();
    int add(const QList<QUrl>& urls, const QString& name, DownloadState::Value state);
    void ask(const QUrl& url, std::function<void()> then);
    void onChanged(const DownloadStatus& status);
    int rowOf(int id) const;
    const DownloadStatus* find(int id) const;
    void tell(std::function<void(DownloadService&)> what);

    Settings& m_settings;
    const QString m_folder;
    std::vector<DownloadStatus> m_rows;
    int m_nextId = 1;
    QUrl m_asked;
    std::function<void()> m_whenAllowed;
    QThread m_thread;
    DownloadService* m_service; ///< on the thread; ends with it
};

} // namespace altiplano::app
