#include "settings.h"

#include <QFileInfo>
#include <QStandardPaths>

#include <algorithm>

namespace altiplano::app {

namespace {

const QString kRecent = QStringLiteral("models/recent");
const QString kFolders = QStringLiteral("models/folders");
const QString kInUse = QStringLiteral("models/inUse");
const QString kThreads = QStringLiteral("engine/threads");
const QString kGpuLayers = QStringLiteral("engine/gpuLayers");
const QString kKvQ8 = QStringLiteral("engine/kvQ8");
const QString kGraphs = QStringLiteral("engine/graphs");
const QString kAllowedHosts = QStringLiteral("downloads/allowedHosts");
const QString kWindowSize = QStringLiteral("window/size");
const QString kSidebar = QStringLiteral("window/sidebar");
const QString kEnterSends = QStringLiteral("composer/enterSends");

} // namespace

Settings::Settings()
    : Settings(QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
               QStringLiteral("/altiplano/settings.ini")) {
    m_dataFolder =
        QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/altiplano");
    m_cacheFolder =
        QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation) + QStringLiteral("/altiplano");
}

Settings::Settings(const QString& path)
    : m_dataFolder(QFileInfo(path).absolutePath()), m_cacheFolder(m_dataFolder),
      m_settings(path, QSettings::IniFormat) {}

QStringList Settings::recentModels() const {
    return m_settings.value(kRecent).toStringList();
}

void Settings::addRecentModel(const QString& path) {
    QStringList recent = recentModels();
    recent.removeAll(path);
    recent.prepend(path);
    m_settings.setValue(kRecent, QStringList(recent.mid(0, kMostRecent)));
}

QStringList Settings::modelFolders() const {
    return m_settings.value(kFolders).toStringList();
}

void Settings::setModelFolders(const QStringList& folders) {
    m_settings.setValue(kFolders, folders);
}

QString Settings::modelInUse() const {
    return m_settings.value(kInUse).toString();
}

void Settings::setModelInUse(const QString& path) {
    if (path.isEmpty())
        m_settings.remove(kInUse);
    else
        m_settings.setValue(kInUse, path);
    m_settings.sync(); // a crash must find it on disk
}

EngineSettings Settings::engineSettings() const {
    EngineSettings settings;
    settings.threads = std::min(1024u, m_settings.value(kThreads, settings.threads).toUInt());
    settings.gpuLayers = std::max(-1, m_settings.value(kGpuLayers, settings.gpuLayers).toInt());
    settings.kvQ8 = m_settings.value(kKvQ8, settings.kvQ8).toBool();
    settings.graphs = m_settings.value(kGraphs, settings.graphs).toBool();
    return settings;
}

void Settings::setEngineSettings(const EngineSettings& settings) {
    m_settings.setValue(kThreads, settings.threads);
    m_settings.setValue(kGpuLayers, settings.gpuLayers);
    m_settings.setValue(kKvQ8, settings.kvQ8);
    m_settings.setValue(kGraphs, settings.graphs);
}

QSize Settings::windowSize() const {
    return m_settings.value(kWindowSize, QSize(1040, 760)).toSize();
}

void Settings::setWindowSize(const QSize& size) {
    m_settings.setValue(kWindowSize, size);
}

bool Settings::enterSends() const {
    return m_settings.value(kEnterSends, true).toBool();
}

void Settings::setEnterSends(bool sends) {
    m_settings.setValue(kEnterSends, sends);
}

QStringList Settings::allowedHosts() const {
    return m_settings.value(kAllowedHosts).toStringList();
}

void Settings::allowHost(const QString& host) {
    QStringList hosts = allowedHosts();
    if (!hosts.contains(host)) m_settings.setValue(kAllowedHosts, hosts << host);
}

bool Settings::sidebarShown() const {
    return m_settings.value(kSidebar, true).toBool();
}

void Settings::setSidebarShown(bool shown) {
    m_settings.setValue(kSidebar, shown);
}

} // namespace altiplano::app
