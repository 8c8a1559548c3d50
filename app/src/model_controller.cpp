#include "model_controller.h"

#include "models/model_facts.h"

#include <QFileInfo>
#include <QStandardPaths>
#include <QTimer>

#include <algorithm>

namespace altiplano::app {

namespace {

/// Not a model of a server, nor a link.
bool isFile(const QString& path) {
    return !isRemotePath(path) && !path.contains(QLatin1String("://"));
}

} // namespace

ModelController::ModelController(EnginePort& engine, Settings& settings, QObject* parent)
    : QObject(parent), m_engine(engine), m_settings(settings) {
    connect(&engine, &EnginePort::loaded, this, &ModelController::onLoaded);
    connect(&engine, &EnginePort::loadFailed, this, &ModelController::onLoadFailed);
    connect(&engine, &EnginePort::unloaded, this, &ModelController::onUnloaded);
    connect(&engine, &EnginePort::failed, this,
            [this](RequestId, const engine::events::Failed& failure) { onAnswerFailed(failure); });
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, &ModelController::onFileChanged);
    connect(&engine, &EnginePort::loadProgressed, this, [this](quint64 done, quint64 total) {
        m_progress = total ? static_cast<double>(done) / static_cast<double>(total) : 0;
        emit progressChanged();
    });
}

void ModelController::watch(const QString& path) {
    if (!m_watcher.files().isEmpty()) m_watcher.removePaths(m_watcher.files());
    if (QFileInfo::exists(path)) m_watcher.addPath(path);
}

/// A program that replaces the file takes it away for a moment.
void ModelController::onFileChanged() {
    constexpr int kReplacedWithinMs = 300;
    QTimer::singleShot(kReplacedWithinMs, this, [this, path = m_info.path] {
        if (path.isEmpty() || path != m_info.path) return;
        if (QFileInfo::exists(path)) return watch(path);
        m_request.path = path;
        m_problem = FileGone;
        m_failure = {};
        emit changed();
    });
}

QString ModelController::starterModel() {
    const QString path = qEnvironmentVariable("ALTIPLANO_STARTER_MODEL");
    if (!path.isEmpty()) return path;
    return QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation) +
           QStringLiteral("/altiplano/SmolLM2-135M-Instruct.Q4_1.gguf");
}

void ModelController::openFirst(const QString& path) {
    const QStringList known = choices();
    if (path.isEmpty() && known.isEmpty()) return;
    const QString first = path.isEmpty() ? known.first() : path;
    if (path.isEmpty() && m_settings.modelInUse() == first) {
        m_request.path = first;
        m_problem = CrashedBefore;
        emit changed();
        return;
    }
    open(first);
}

void ModelController::open(const QString& path) {
    load(m_settings.loadRequest(isRemotePath(path) ? path : QFileInfo(path).absoluteFilePath()));
}

void ModelController::setEngineSettings(const EngineSettings& settings) {
    m_settings.setEngineSettings(settings);
    if (auto own = m_settings.modelSettings(m_info.path); own && m_state == Ready) {
        own->engine = settings;
        m_settings.setModelSettings(m_info.path, own);
    }
    applySettings();
}

void ModelController::applySettings() {
    // Not with that of a file which was refused since.
    const LoadRequest request = m_settings.loadRequest(m_state == Ready ? m_info.path : m_request.path);
    if (m_state != None && request != m_request) load(request);
}

void ModelController::openUrl(const QUrl& url) {
    if (url.isLocalFile()) return open(url.toLocalFile());
    m_request.path = url.toString();
    onLoadFailed(
        {engine::ErrorCode::Unsupported, tr("Only files on this computer can be opened.").toStdString()});
}

void ModelController::load(const LoadRequest& request) {
    m_request = request;
    m_state = Loading;
    m_progress = 0;
    m_problem = NoProblem;
    m_settings.setModelInUse(isRemotePath(request.path) ? QString() : request.path);
    m_engine.load(request);
    emit progressChanged();
    emit changed();
}

void ModelController::cancel() {
    if (m_state == Loading) m_engine.cancelLoad();
}

void ModelController::unload() {
    if (m_state == Ready) m_engine.unload();
}

void ModelController::loadAgain() {
    load(m_request);
}

void ModelController::shortenContext() {
    LoadRequest shorter = m_request;
    shorter.contextTokens = std::max<quint32>(256, shorter.contextTokens / 2);
    m_settings.setModelSettings(shorter.path, ModelSettings{shorter.contextTokens, shorter.settings});
    load(shorter);
}

void ModelController::loadOnCpu() {
    LoadRequest request = m_settings.loadRequest(m_request.path);
    request.settings.device = EngineSettings::Cpu;
    load(request);
}

void ModelController::dismissProblem() {
    m_problem = NoProblem;
    emit changed();
}

void ModelController::dismissNotes() {
    m_info.notes.clear();
    emit changed();
}

void ModelController::onLoaded(const ModelInfo& info) {
    m_info = info;
    m_state = Ready;
    m_settings.addRecentModel(info.path);
    watch(info.path);
    emit changed();
}

void ModelController::onLoadFailed(const engine::events::Failed& failure) {
    m_state = m_info.path.isEmpty() ? None : Ready; // a refused file leaves the model that was there
    m_settings.setModelInUse(isRemotePath(m_info.path) ? QString() : m_info.path);
    if (failure.code != engine::ErrorCode::Cancelled) {
        const bool missing = failure.code == engine::ErrorCode::File && !isRemotePath(m_request.path) &&
                             !QFileInfo::exists(m_request.path);
        m_problem = failure.code == engine::ErrorCode::OutOfMemory  ? TooBig
                    : failure.code == engine::ErrorCode::BadRequest ? OverLimit
                    : missing                                       ? FileMissing
                                                                    : BadFile;
        m_failure = failure;
    }
    emit changed();
}

void ModelController::onAnswerFailed(const engine::events::Failed& failure) {
    if (failure.code != engine::ErrorCode::Device || m_info.backend != QLatin1String("cuda")) return;
    m_request.path = m_info.path;
    m_problem = DeviceLost;
    m_failure = failure;
    emit changed();
}

void ModelController::onUnloaded() {
    m_info = {};
    watch({});
    if (m_problem == FileGone) m_problem = NoProblem;
    if (m_state == Ready) {
        m_state = None;
        m_settings.setModelInUse({});
    }
    emit changed();
}

QString ModelController::name() const {
    if (const auto remote = RemoteModel::fromPath(m_info.path)) return remote->displayName();
    return modelDisplayName(m_info.path, m_info.quantization);
}

QString ModelController::loadingName() const {
    return QFileInfo(m_request.path).fileName();
}

FailureWords ModelController::problemWords() const {
    const QString said = withoutFileName(QString::fromStdString(m_failure.sentence), m_request.path);
    return isFile(m_request.path) ? FailureWords::of(m_failure.code, said)
                                  : FailureWords{said, {}}; // ours, not the engine's
}

QStringList ModelController::notes() const {
    QStringList notes;
    for (const QString& note : m_info.notes)
        notes << inWindowLanguage(note);
    return notes;
}

QString ModelController::problemFile() const {
    return QFileInfo(m_request.path).fileName();
}

QStringList ModelController::choices() const {
    QStringList all = m_settings.recentModels();
    const QString starter = starterModel();
    if (!all.contains(starter)) all.append(starter);
    const QList<Endpoint> endpoints = m_settings.endpoints();
    all.removeIf([&](const QString& path) {
        const auto remote = RemoteModel::fromPath(path);
        if (!remote) return !QFileInfo::exists(path);
        return std::none_of(endpoints.begin(), endpoints.end(),
                            [&](const Endpoint& endpoint) { return endpoint.id == remote->endpoint; });
    });
    return all;
}

} // namespace altiplano::app
