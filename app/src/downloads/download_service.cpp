#include "downloads/download_service.h"

#include <QNetworkAccessManager>

#include <algorithm>

namespace altiplano::app {

namespace {
constexpr int kAtOnce = 2;
}

DownloadService::DownloadService(const DownloadOptions& options) : m_options(options) {}

DownloadService::~DownloadService() = default;

QNetworkAccessManager& DownloadService::network() {
    if (!m_network) m_network.reset(m_options.makeNetwork());
    return *m_network;
}

DownloadSet* DownloadService::find(int id) const {
    const auto found = m_sets.find(id);
    return found == m_sets.end() ? nullptr : found->second.get();
}

void DownloadService::add(int id, const QList<QUrl>& urls, const QString& folder, const QString& name) {
    auto set = std::make_unique<DownloadSet>(
        id, urls, folder, name, [this]() -> QNetworkAccessManager& { return network(); }, m_options);
    connect(set.get(), &DownloadSet::changed, this, [this, id] {
        emit changed(find(id)->status());
        if (!find(id)->isBusy())
            QMetaObject::invokeMethod(this, &DownloadService::startNext, Qt::QueuedConnection);
    });
    m_sets[id] = std::move(set);
    emit changed(find(id)->status());
}

void DownloadService::start(int id) {
    if (!find(id)) return;
    if (!m_queue.contains(id)) m_queue << id;
    find(id)->queue();
    startNext();
}

void DownloadService::startNext() {
    const auto busy =
        std::count_if(m_sets.begin(), m_sets.end(), [](const auto& s) { return s.second->isBusy(); });
    if (m_queue.isEmpty() || busy >= kAtOnce) return;
    find(m_queue.takeFirst())->start();
    startNext();
}

void DownloadService::pause(int id) {
    m_queue.removeAll(id);
    if (DownloadSet* set = find(id)) set->pause();
}

void DownloadService::startOver(int id) {
    if (DownloadSet* set = find(id)) set->startOver();
}

void DownloadService::keepBoth(int id) {
    if (DownloadSet* set = find(id)) set->keepBoth();
}

void DownloadService::discard(int id) {
    m_queue.removeAll(id);
    DownloadSet* set = find(id);
    if (!set) return;
    set->disconnect(this);
    set->discard();
    m_sets.erase(id);
    startNext();
}

} // namespace altiplano::app
