#include "downloads/download_list_model.h"

#include "downloads/catalogue.h"
#include "downloads/model_link.h"
#include "settings/settings.h"

#include <QFileInfo>
#include <QSet>

#include <algorithm>
#include <cmath>

namespace altiplano::app {

DownloadListModel::DownloadListModel(Settings& settings, const QString& folder,
                                     const DownloadOptions& options, QObject* parent)
    : QAbstractListModel(parent), m_settings(settings), m_folder(folder),
      m_service(new DownloadService(options)) {
    m_service->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_service, &QObject::deleteLater);
    connect(m_service, &DownloadService::changed, this, &DownloadListModel::onChanged);
    m_thread.setObjectName(QStringLiteral("downloads"));
    restore();
}

DownloadListModel::~DownloadListModel() {
    if (!m_thread.isRunning()) {
        delete m_service;
        return;
    }
    m_thread.quit();
    m_thread.wait();
}

/// The thread begins with the first thing it has to do.
void DownloadListModel::tell(std::function<void(DownloadService&)> what) {
    if (!m_thread.isRunning()) m_thread.start();
    QMetaObject::invokeMethod(m_service, [service = m_service, what = std::move(what)] { what(*service); });
}

void DownloadListModel::restore() {
    QSet<QUrl> seen;
    for (const QString& name : PartFile::namesIn(m_folder)) {
        const ModelLink link = readModelLink(PartFile(m_folder, name).facts.url.toString());
        if (link.isEmpty() || seen.contains(link.urls.first())) continue;
        seen.insert(link.urls.first());
        const int id = add(link.urls, partName(name, 1), DownloadState::Paused);
        tell([id](DownloadService& service) { service.pause(id); });
    }
}

int DownloadListModel::add(const QList<QUrl>& urls, const QString& name, DownloadState::Value state) {
    DownloadStatus status;
    status.state = state;
    status.id = m_nextId++;
    status.name = name;
    status.url = urls.first();
    status.host = urls.first().host();
    beginInsertRows({}, 0, 0);
    m_rows.insert(m_rows.begin(), status);
    endInsertRows();
    emit countChanged();
    tell([id = status.id, urls, folder = m_folder, name](DownloadService& service) {
        service.add(id, urls, folder, name);
    });
    return status.id;
}

QString DownloadListModel::problemOf(const QString& link) const {
    return readModelLink(link).problem;
}

void DownloadListModel::download(const QString& text) {
    const ModelLink link = readModelLink(text);
    if (link.isEmpty()) return;
    const QUrl first = link.urls.first();
    const auto known = std::find_if(m_rows.begin(), m_rows.end(), [&](const DownloadStatus& row) {
        return row.url == first && row.state != DownloadState::Done;
    });
    if (known != m_rows.end()) return resume(known->id);
    ask(first, [this, link] {
        const int id = add(link.urls, fileNameOf(link.urls.first()), DownloadState::Waiting);
        tell([id](DownloadService& service) { service.start(id); });
    });
}

void DownloadListModel::ask(const QUrl& url, std::function<void()> then) {
    if (m_settings.allowedHosts().contains(url.host())) return then();
    m_asked = url;
    m_whenAllowed = std::move(then);
    emit askedChanged();
}

void DownloadListModel::allow() {
    if (m_asked.isEmpty()) return;
    m_settings.allowHost(m_asked.host());
    const auto then = std::move(m_whenAllowed);
    deny();
    then();
}

void DownloadListModel::deny() {
    m_asked.clear();
    m_whenAllowed = {};
    emit askedChanged();
}

QString DownloadListModel::askedFile() const {
    return fileNameOf(m_asked);
}

void DownloadListModel::pause(int id) {
    tell([id](DownloadService& service) { service.pause(id); });
}

void DownloadListModel::resume(int id) {
    if (const DownloadStatus* row = find(id))
        ask(row->url, [this, id] { tell([id](DownloadService& service) { service.start(id); }); });
}

void DownloadListModel::startOver(int id) {
    if (const DownloadStatus* row = find(id))
        ask(row->url, [this, id] { tell([id](DownloadService& service) { service.startOver(id); }); });
}

void DownloadListModel::keepBoth(int id) {
    if (const DownloadStatus* row = find(id))
        ask(row->url, [this, id] { tell([id](DownloadService& service) { service.keepBoth(id); }); });
}

void DownloadListModel::remove(int id) {
    const int row = rowOf(id);
    if (row < 0) return;
    tell([id](DownloadService& service) { service.discard(id); });
    beginRemoveRows({}, row, row);
    m_rows.erase(m_rows.begin() + row);
    endRemoveRows();
    emit countChanged();
    emit runningChanged();
}

QString DownloadListModel::pathOf(const QString& text) const {
    const ModelLink link = readModelLink(text);
    if (link.isEmpty()) return {};
    const QString path = m_folder + u'/' + fileNameOf(link.urls.first());
    return QFileInfo::exists(path) ? path : QString();
}

QUrl DownloadListModel::page(int id) const {
    const DownloadStatus* row = find(id);
    return row ? pageOf(row->url) : QUrl();
}

QVariantList DownloadListModel::catalogue() const {
    return readCatalogue();
}

int DownloadListModel::running() const {
    return static_cast<int>(std::count_if(m_rows.begin(), m_rows.end(), [](const DownloadStatus& row) {
        return row.state == DownloadState::Waiting || row.state == DownloadState::Running ||
               row.state == DownloadState::Checking;
    }));
}

int DownloadListModel::rowOf(int id) const {
    const auto found =
        std::find_if(m_rows.begin(), m_rows.end(), [id](const auto& row) { return row.id == id; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

const DownloadStatus* DownloadListModel::find(int id) const {
    const int row = rowOf(id);
    return row < 0 ? nullptr : &m_rows[static_cast<size_t>(row)];
}

void DownloadListModel::onChanged(const DownloadStatus& status) {
    const int row = rowOf(status.id);
    if (row < 0) return; // it was removed meanwhile
    DownloadStatus& known = m_rows[static_cast<size_t>(row)];
    const bool ends = known.state != DownloadState::Done && status.state == DownloadState::Done;
    const bool fails = known.state != DownloadState::Failed && status.state == DownloadState::Failed;
    known = status;
    emit dataChanged(index(row), index(row));
    emit runningChanged();
    if (ends) emit finished(status.path);
    if (fails) emit failed(index(row).data(NameRole).toString(), index(row).data(SentenceRole).toString());
}

int DownloadListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : count();
}

QVariant DownloadListModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= count()) return {};
    const DownloadStatus& row = m_rows[static_cast<size_t>(index.row())];
    switch (role) {
    case IdRole:
        return row.id;
    case StateRole:
        return row.state;
    case NameRole:
        return row.name;
    case PathRole:
        return row.path;
    case HostRole:
        return row.host;
    case LinkRole:
        return row.url.toString();
    case ReceivedRole:
        return row.received;
    case SizeRole:
        return row.size;
    case RateRole:
        return row.bytesPerSecond;
    case SecondsLeftRole:
        return row.size < 0 || row.bytesPerSecond <= 0
                   ? -1.0
                   : static_cast<double>(row.size - row.received) / row.bytesPerSecond;
    case RetrySecondsRole:
        return row.retryMs < 0 ? -1.0 : std::ceil(row.retryMs / 1e3);
    case FileRole:
        return row.file;
    case FilesRole:
        return row.files;
    case VerifiedRole:
        return row.verified;
    case WayOnRole:
        return row.wayOn;
    case SentenceRole:
        return row.sentence;
    }
    return {};
}

QHash<int, QByteArray> DownloadListModel::roleNames() const {
    return {{IdRole, "downloadId"},
            {StateRole, "downloadState"},
            {NameRole, "name"},
            {PathRole, "path"},
            {HostRole, "host"},
            {LinkRole, "link"},
            {ReceivedRole, "received"},
            {SizeRole, "size"},
            {RateRole, "rate"},
            {SecondsLeftRole, "secondsLeft"},
            {RetrySecondsRole, "retrySeconds"},
            {FileRole, "file"},
            {FilesRole, "files"},
            {VerifiedRole, "verified"},
            {WayOnRole, "wayOn"},
            {SentenceRole, "sentence"}};
}

} // namespace altiplano::app
