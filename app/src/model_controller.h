#pragma once

#include "engine_port.h"
#include "engine_sentences.h"
#include "failure_words.h"
#include "settings/settings.h"

#include <QFileSystemWatcher>
#include <QObject>
#include <QUrl>
#include <QtQml/qqmlregistration.h>

namespace altiplano::app {

/// The model in use: choosing, loading, what it is, what went wrong. GUI thread only.
class ModelController : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Made by the application")
    Q_PROPERTY(State state READ state NOTIFY changed)
    Q_PROPERTY(QString name READ name NOTIFY changed)
    Q_PROPERTY(QString quantization READ quantization NOTIFY changed)
    Q_PROPERTY(QString backend READ backend NOTIFY changed)
    Q_PROPERTY(QString deviceName READ deviceName NOTIFY changed)
    Q_PROPERTY(QString deviceReason READ deviceReason NOTIFY changed)
    Q_PROPERTY(int threads READ threads NOTIFY changed)
    Q_PROPERTY(bool leavesComputer READ leavesComputer NOTIFY changed)
    Q_PROPERTY(bool encrypted READ encrypted NOTIFY changed)
    Q_PROPERTY(int contextTokens READ contextTokens NOTIFY changed)
    Q_PROPERTY(QString path READ path NOTIFY changed)
    Q_PROPERTY(QStringList notes READ notes NOTIFY changed)
    Q_PROPERTY(QString loadingPath READ loadingPath NOTIFY changed)
    Q_PROPERTY(QString loadingName READ loadingName NOTIFY changed)
    Q_PROPERTY(double progress READ progress NOTIFY progressChanged)
    Q_PROPERTY(Problem problem READ problem NOTIFY changed)
    Q_PROPERTY(QString problemFile READ problemFile NOTIFY changed)
    Q_PROPERTY(QString problemSentence READ problemSentence NOTIFY changed)
    Q_PROPERTY(QString problemDetails READ problemDetails NOTIFY changed)
    Q_PROPERTY(QStringList choices READ choices NOTIFY changed)
public:
    enum State { None, Loading, Ready };
    Q_ENUM(State)
    /// What stands in the way, as far as the way on differs: another file, a shorter context, or trying again
    /// a file over which the app ended abruptly the last time, or the memory limit of the settings. FileGone
    /// is that of the model in use, which goes on answering. DeviceLost: the GPU failed or went away (as in
    /// suspend) in an answer; the model can be loaded on the CPU.
    enum Problem { NoProblem, BadFile, TooBig, CrashedBefore, OverLimit, FileMissing, FileGone, DeviceLost };
    Q_ENUM(Problem)

    ModelController(EnginePort& engine, Settings& settings, QObject* parent = nullptr);

    /// At start: the given file, else the last model, else the starter model, else nothing.
    void openFirst(const QString& path);

    Q_INVOKABLE void open(const QString& path);
    Q_INVOKABLE void openUrl(const QUrl& url);
    Q_INVOKABLE void cancel();
    Q_INVOKABLE void unload();
    Q_INVOKABLE void loadAgain();      ///< the way on after CrashedBefore
    Q_INVOKABLE void shortenContext(); ///< the way on after TooBig
    Q_INVOKABLE void loadOnCpu();      ///< the way on after DeviceLost; the settings stay as they are
    Q_INVOKABLE void dismissProblem();
    Q_INVOKABLE void dismissNotes();

    /// Loads the model again with these settings, and the next ones with them, too.
    void setEngineSettings(const EngineSettings& settings);
    /// Loads the model again if the settings are not those that it runs with.
    void applySettings();

    State state() const { return m_state; }
    QString name() const; ///< the file's, without quantization and suffix; or as a server lists it
    QString quantization() const { return m_info.quantization; }
    QString backend() const { return m_info.backend; } ///< "cpu", "cuda", "remote"; empty: none
    bool leavesComputer() const { return m_info.leavesComputer; }
    bool encrypted() const { return m_info.encrypted; }
    QString deviceName() const { return m_info.deviceName; }
    QString deviceReason() const { return inWindowLanguage(m_info.deviceReason); }
    int threads() const { return static_cast<int>(m_info.threads); }
    int contextTokens() const { return static_cast<int>(m_info.contextTokens); }
    QString path() const { return m_info.path; }
    quint64 parameters() const { return m_info.parameters; }
    QStringList notes() const;
    QString loadingPath() const { return m_request.path; } ///< of the newest file that was to be loaded
    QString loadingName() const;                           ///< of the file that is being loaded
    double progress() const { return m_progress; }         ///< 0..1
    Problem problem() const { return m_problem; }
    QString problemFile() const;
    QString problemSentence() const { return problemWords().sentence; }
    QString problemDetails() const { return problemWords().details; } ///< the engine's own words
    QStringList choices() const; ///< files to offer: the recent ones and the starter model, where they exist

    /// Where the starter model is, or would be: $ALTIPLANO_STARTER_MODEL or the cache directory.
    static QString starterModel();

signals:
    void changed();
    void progressChanged();

private:
    void load(const LoadRequest& request);
    FailureWords problemWords() const;
    void onLoaded(const ModelInfo& info);
    void onLoadFailed(const engine::events::Failed& failure);
    void onUnloaded();
    void onAnswerFailed(const engine::events::Failed& failure);
    void watch(const QString& path);
    void onFileChanged();

    EnginePort& m_engine;
    Settings& m_settings;
    State m_state = None;
    ModelInfo m_info;
    LoadRequest m_request;        ///< the newest
    QFileSystemWatcher m_watcher; ///< of the file in use
    double m_progress = 0;
    Problem m_problem = NoProblem;
    engine::events::Failed m_failure; ///< what the problem is, as it was reported
};

} // namespace altiplano::app
