#include "models/model_library.h"

#include "model_controller.h"

#include <QDesktopServices>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>

#include <algorithm>

namespace altiplano::app {

namespace {

constexpr int kRescanMs = 500;
constexpr int kMostWatched = 500; // of the system's few thousand

} // namespace

ModelLibrary::ModelLibrary(Settings& settings, engine::Forecaster::Machine machine, QObject* parent)
    : QSortFilterProxyModel(parent), m_settings(settings),
      m_scanner(settings.cacheFolder() + QStringLiteral("/model-facts")), m_fitChecker(std::move(machine)) {
    setSourceModel(&m_files);
    sort(0);
    m_soon.setSingleShot(true);
    m_soon.setInterval(kRescanMs);
    connect(&m_soon, &QTimer::timeout, this, &ModelLibrary::refresh);
    const auto later = [this] {
        if (!m_soon.isActive()) m_soon.start();
    };
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, later);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, later);
    connect(&m_scanner, &ModelScanner::read, this, [this](const auto& some) {
        for (const ModelFacts& facts : some)
            if (const ModelFacts* known = m_files.find(facts.file.path); known && *known != facts)
                m_asked.remove(facts.file.path);
        m_files.put(some);
    });
    connect(&m_fitChecker, &FitChecker::checked, this, [this](const QString& path, const ModelFit& fit) {
        m_fits[path] = fit;
        tellFit(path);
    });
    connect(&m_scanner, &ModelScanner::ended, this, &ModelLibrary::onEnded);
    for (const auto signal : {&QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved})
        connect(this, signal, this, &ModelLibrary::countChanged);
    connect(this, &QAbstractItemModel::modelReset, this, &ModelLibrary::countChanged);
}

void ModelLibrary::refresh() {
    ModelPlaces places;
    places.folders = addedFolders();
    places.folders.prepend(ownFolder());
    places.files = m_settings.recentModels();
    places.files.append(ModelController::starterModel());
    m_scanning = true;
    foreseeAgain();
    m_scanner.scan(places);
    emit scanningChanged();
}

void ModelLibrary::onEnded(const FolderContents& contents) {
    QSet<QString> present;
    for (const FoundFile& file : contents.files)
        present.insert(file.path);
    m_files.keepOnly(present);
    m_scanning = false;
    m_incomplete = !contents.whole;
    watch(contents);
    emit scanningChanged();
    emit countChanged();
}

/// The folders, and the files that could not be read: they may be on their way here.
void ModelLibrary::watch(const FolderContents& contents) {
    QStringList wanted = contents.folders.mid(0, kMostWatched);
    for (int row = 0; row < m_files.rowCount() && wanted.size() < 2 * kMostWatched; ++row)
        if (!m_files.at(row).problem.isEmpty()) wanted.append(m_files.at(row).file.path);
    const QStringList watched = m_watcher.directories() + m_watcher.files();
    QStringList gone, added;
    const auto isIn = [](const QStringList& list) {
        return [set = QSet<QString>(list.begin(), list.end())](const QString& path) {
            return set.contains(path);
        };
    };
    std::ranges::remove_copy_if(watched, std::back_inserter(gone), isIn(wanted));
    std::ranges::remove_copy_if(wanted, std::back_inserter(added), isIn(watched));
    if (!gone.isEmpty()) m_watcher.removePaths(gone);
    if (!added.isEmpty()) m_watcher.addPaths(added);
}

void ModelLibrary::addFolder(const QUrl& folder) {
    const QString path = QDir(folder.toLocalFile()).absolutePath();
    QStringList folders = addedFolders();
    if (folder.isLocalFile() && path != ownFolder() && !folders.contains(path)) setFolders(folders << path);
}

void ModelLibrary::removeFolder(const QString& folder) {
    QStringList folders = addedFolders();
    if (folders.removeAll(folder) > 0) setFolders(folders);
}

void ModelLibrary::setFolders(const QStringList& folders) {
    m_settings.setModelFolders(folders);
    emit foldersChanged();
    refresh();
}

void ModelLibrary::setLoaded(const ModelInfo& info) {
    m_loaded = info;
    foreseeAgain();
}

/// The memory is another now.
void ModelLibrary::foreseeAgain() {
    m_fitChecker.setHeld(heldBy(m_loaded));
    m_asked.clear();
    if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, 0), {FitRole});
}

void ModelLibrary::settingsChanged(const QString& path) {
    m_asked.remove(path);
    tellFit(path);
}

void ModelLibrary::tellFit(const QString& path) {
    const QModelIndex row = mapFromSource(m_files.indexOf(path));
    if (row.isValid()) emit dataChanged(row, row, {FitRole});
}

/// A fit costs the reading of the header: only what is looked at is foreseen.
QVariant ModelLibrary::data(const QModelIndex& index, int role) const {
    if (role != FitRole) return QSortFilterProxyModel::data(index, role);
    if (!index.isValid()) return {};
    const ModelFacts& facts = m_files.at(mapToSource(index).row());
    const QString path = facts.file.path;
    if (facts.problem.isEmpty() && !m_asked.contains(path)) {
        m_asked.insert(path);
        m_fitChecker.check(m_settings.loadRequest(path));
    }
    return QVariant::fromValue(m_fits.value(path));
}

QHash<int, QByteArray> ModelLibrary::roleNames() const {
    QHash<int, QByteArray> names = m_files.roleNames();
    names.insert(FitRole, "fit");
    return names;
}

void ModelLibrary::showInFiles(const QString& path) {
    QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(path).absolutePath()));
}

void ModelLibrary::moveToTrash(const QString& path) {
    m_disk.post([this, path](const std::stop_token&) {
        // Without the folder that holds the trash, Qt would make one in the current folder.
        QDir().mkpath(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation));
        QStringList left = partsOf(path);
        left.removeIf([](const QString& part) { return QFile::moveToTrash(part) || !QFile::exists(part); });
        QMetaObject::invokeMethod(
            this,
            [this, path, left] {
                if (left.isEmpty())
                    m_files.remove(path);
                else
                    setFailure(
                        tr("%1 could not be moved to the trash: its folder may be read-only, or have no "
                           "trash.")
                            .arg(left.first()));
                refresh();
            },
            Qt::QueuedConnection);
    });
}

/// What is wrong with files is said in another language.
void ModelLibrary::retranslate() {
    if (total() > 0)
        emit m_files.dataChanged(m_files.index(0), m_files.index(total() - 1), {ModelFileList::ProblemRole});
}

void ModelLibrary::setFailure(const QString& sentence) {
    m_failure = sentence;
    emit failureChanged();
}

void ModelLibrary::dismissFailure() {
    setFailure({});
}

void ModelLibrary::setSearched(const QString& words) {
    if (m_searched == words) return;
    m_searched = words;
    m_words = words.split(' ', Qt::SkipEmptyParts);
    invalidateFilter();
    emit searchedChanged();
    emit countChanged();
}

void ModelLibrary::setOrder(Order order) {
    if (m_order == order) return;
    m_order = order;
    invalidate();
    emit orderChanged();
}

bool ModelLibrary::filterAcceptsRow(int row, const QModelIndex&) const {
    const ModelFacts& facts = m_files.at(row);
    const QString text =
        QStringList{facts.file.path.section('/', -1), facts.title, facts.quantization, facts.architecture}
            .join('\n');
    return std::ranges::all_of(m_words,
                               [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

bool ModelLibrary::lessThan(const QModelIndex& left, const QModelIndex& right) const {
    const ModelFacts &a = m_files.at(left.row()), &b = m_files.at(right.row());
    if (a.problem.isEmpty() != b.problem.isEmpty()) return a.problem.isEmpty();
    if (m_order == BySize && a.file.bytes != b.file.bytes) return a.file.bytes > b.file.bytes;
    if (m_order == ByNewest && a.file.modified != b.file.modified) return a.file.modified > b.file.modified;
    const int names = QString::localeAwareCompare(a.name.toLower(), b.name.toLower());
    return names != 0 ? names < 0 : a.file.path < b.file.path;
}

} // namespace altiplano::app
