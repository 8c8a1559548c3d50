#include "settings/settings.h"

#include <QCryptographicHash>
#include <QFileInfo>
#include <QStandardPaths>

#include <utility>

namespace altiplano::app {

namespace {

const QString kRecent = QStringLiteral("models/recent");
const QString kFolders = QStringLiteral("models/folders");
const QString kInUse = QStringLiteral("models/inUse");
const QString kGraphs = QStringLiteral("engine/graphs");
// Of one model
const QString kThreads = QStringLiteral("threads");
const QString kGpuLayers = QStringLiteral("gpuLayers");
const QString kKvQ8 = QStringLiteral("kvQ8");
const QString kContext = QStringLiteral("contextTokens");
const QString kAllowedHosts = QStringLiteral("downloads/allowedHosts");
const QString kEndpoints = QStringLiteral("remote/endpoints");
const QString kWindowSize = QStringLiteral("window/size");
const QString kSidebar = QStringLiteral("window/sidebar");

constexpr double kBytesPerGb = 1e9;

constexpr std::pair<EngineSettings::Device, const char*> kDevices[] = {
    {EngineSettings::Auto, "auto"}, {EngineSettings::Cpu, "cpu"}, {EngineSettings::Cuda, "cuda"}};

/// Where a model's own settings are: a path is no key.
QString groupOf(const QString& path) {
    const QByteArray hash = QCryptographicHash::hash(path.toUtf8(), QCryptographicHash::Sha1).toHex();
    return QStringLiteral("model-%1/").arg(QString::fromLatin1(hash.first(16)));
}

const QString kId = QStringLiteral("id");
const QString kName = QStringLiteral("name");
const QString kUrl = QStringLiteral("url");
const QString kServer = QStringLiteral("server");
const QString kKeyring = QStringLiteral("keyInKeyring");

QString serverName(ServerKind server) {
    return server == ServerKind::LlamaServer ? QStringLiteral("llama-server")
           : server == ServerKind::Vllm      ? QStringLiteral("vllm")
                                             : QString();
}

ServerKind serverKind(const QString& name) {
    for (const ServerKind kind : {ServerKind::LlamaServer, ServerKind::Vllm})
        if (serverName(kind) == name) return kind;
    return ServerKind::Plain;
}

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

/// What a setting is anyway is not kept, so that it follows where a later version knows better.
void Settings::store(const QString& key, const QVariant& value) {
    const Setting* setting = findSetting(appSettings(), key);
    const QVariant before = setting ? this->value(*setting) : stored(key);
    if (!value.isValid() || (setting && setting->checked(value) == setting->usual))
        m_settings.remove(key);
    else
        m_settings.setValue(key, setting ? setting->checked(value) : value);
    if (before != (setting ? this->value(*setting) : stored(key))) emit changed(key);
}

QVariant Settings::value(const char* key) const {
    const Setting* setting = findSetting(appSettings(), QLatin1String(key));
    return setting ? value(*setting) : QVariant();
}

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
    settings.threads = value("engine/threads").toUInt();
    settings.gpuLayers = value("engine/gpuLayers").toInt();
    settings.kvQ8 = value("engine/kvQ8").toBool();
    settings.graphs = m_settings.value(kGraphs, settings.graphs).toBool();
    settings.memoryLimit = static_cast<quint64>(value("engine/memoryLimitGb").toDouble() * kBytesPerGb);
    for (const auto& [device, name] : kDevices)
        if (value("engine/device").toString() == QLatin1String(name)) settings.device = device;
    return settings;
}

void Settings::setEngineSettings(const EngineSettings& settings) {
    m_settings.setValue(kGraphs, settings.graphs);
    store(QStringLiteral("engine/threads"), settings.threads);
    store(QStringLiteral("engine/gpuLayers"), settings.gpuLayers);
    store(QStringLiteral("engine/kvQ8"), settings.kvQ8);
    store(QStringLiteral("engine/memoryLimitGb"), static_cast<double>(settings.memoryLimit) / kBytesPerGb);
    for (const auto& [device, name] : kDevices)
        if (settings.device == device) store(QStringLiteral("engine/device"), QString::fromLatin1(name));
}

quint32 Settings::contextTokens() const {
    return value("engine/contextTokens").toUInt();
}

std::optional<ModelSettings> Settings::modelSettings(const QString& path) const {
    const QString group = groupOf(path);
    if (!m_settings.contains(group + kContext)) return {};
    ModelSettings settings;
    settings.contextTokens = std::max(256u, m_settings.value(group + kContext).toUInt());
    EngineSettings& engine = settings.engine = engineSettings();
    engine.threads = std::min(1024u, m_settings.value(group + kThreads).toUInt());
    engine.gpuLayers = std::max(-1, m_settings.value(group + kGpuLayers, engine.gpuLayers).toInt());
    engine.kvQ8 = m_settings.value(group + kKvQ8).toBool();
    return settings;
}

void Settings::setModelSettings(const QString& path, const std::optional<ModelSettings>& settings) {
    const QString group = groupOf(path);
    m_settings.remove(group.chopped(1));
    if (!settings) return;
    m_settings.setValue(group + QStringLiteral("path"), path); // for people who read the file
    m_settings.setValue(group + kContext, settings->contextTokens);
    m_settings.setValue(group + kThreads, settings->engine.threads);
    m_settings.setValue(group + kGpuLayers, settings->engine.gpuLayers);
    m_settings.setValue(group + kKvQ8, settings->engine.kvQ8);
}

LoadRequest Settings::loadRequest(const QString& path) const {
    if (const auto own = modelSettings(path)) return {path, own->contextTokens, own->engine};
    return {path, contextTokens(), engineSettings()};
}

QList<Endpoint> Settings::endpoints() {
    QList<Endpoint> all;
    const int count = m_settings.beginReadArray(kEndpoints);
    for (int i = 0; i < count; ++i) {
        m_settings.setArrayIndex(i);
        Endpoint endpoint;
        endpoint.id = m_settings.value(kId).toString();
        endpoint.name = m_settings.value(kName).toString();
        endpoint.url = QUrl(m_settings.value(kUrl).toString(), QUrl::StrictMode);
        endpoint.server = serverKind(m_settings.value(kServer).toString());
        endpoint.keyInKeyring = m_settings.value(kKeyring).toBool();
        if (!endpoint.id.isEmpty() && !endpoint.url.host().isEmpty()) all.append(endpoint);
    }
    m_settings.endArray();
    return all;
}

void Settings::setEndpoints(const QList<Endpoint>& endpoints) {
    m_settings.remove(kEndpoints);
    m_settings.beginWriteArray(kEndpoints);
    for (int i = 0; i < endpoints.size(); ++i) {
        m_settings.setArrayIndex(i);
        m_settings.setValue(kId, endpoints[i].id);
        m_settings.setValue(kName, endpoints[i].name);
        m_settings.setValue(kUrl, endpoints[i].url.toString());
        m_settings.setValue(kServer, serverName(endpoints[i].server));
        m_settings.setValue(kKeyring, endpoints[i].keyInKeyring);
    }
    m_settings.endArray();
}

QSize Settings::windowSize() const {
    return m_settings.value(kWindowSize, QSize(1040, 760)).toSize();
}

void Settings::setWindowSize(const QSize& size) {
    m_settings.setValue(kWindowSize, size);
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
