#pragma once

#include "downloads/download_options.h"
#include "downloads/download_set.h"

#include <map>

namespace altiplano::app {

/// All downloads, on a thread of their own; a few at a time. The network is not touched before the first
/// start().
class DownloadService : public QObject {
    Q_OBJECT
public:
    explicit DownloadService(const DownloadOptions& options);
    ~DownloadService() override;

    void add(int id, const QList<QUrl>& urls, const QString& folder, const QString& name);
    void start(int id); ///< as soon as it is its turn
    void pause(int id);
    void startOver(int id);
    void keepBoth(int id);
    void discard(int id); ///< forgets it, and removes what is not complete

signals:
    void changed(const altiplano::app::DownloadStatus& status);

private:
    QNetworkAccessManager& network();
    DownloadSet* find(int id) const;
    void startNext();

    const DownloadOptions m_options;
    std::unique_ptr<QNetworkAccessManager> m_network;
    std::map<int, std::unique_ptr<DownloadSet>> m_sets; ///< after the network: their replies go first
    QList<int> m_queue;                                 ///< wait for their turn
};

} // namespace altiplano::app
