#pragma once

#include "engine/bench.h"
#include "engine/generation.h"

#include <QByteArray>
#include <QObject>
#include <QString>
#include <QStringList>

#include <vector>

namespace altiplano::app {

using RequestId = quint64; ///< never 0

/// What can be switched about how a model runs.
struct EngineSettings {
    quint32 threads = 0;   ///< 0: the engine's choice
    qint32 gpuLayers = -1; ///< -1: as many as fit
    bool kvQ8 = false;     ///< K/V in eight bits in place of half floats
    bool graphs = true;    ///< a GPU decodes by graphs
    enum Device { Auto, Cpu, Cuda } device = Auto;
    quint64 memoryLimit = 0; ///< bytes that a model may take with its context; 0: what there is
    bool operator==(const EngineSettings&) const = default;
};

/// Which model to load, and how.
struct LoadRequest {
    QString path;                 ///< a file's, or RemoteModel::path
    quint32 contextTokens = 4096; ///< at most; a model that was trained for less gets less
    EngineSettings settings{};
    bool operator==(const LoadRequest&) const = default;
};

/// Cases to be timed with the loaded model's file, each with every one of the settings.
struct ComparisonRequest {
    std::vector<EngineSettings> settings;
    std::vector<engine::BenchCase> cases;
};

/// What is known of a loaded model.
struct ModelInfo {
    QString path;
    QString quantization; ///< "Q4_1"
    quint64 parameters = 0;
    QString backend;      ///< "cpu", "cuda" or "remote"
    QString deviceName;   ///< as its maker calls it, or the host
    QString deviceReason; ///< a sentence: why this device
    quint32 threads = 0;
    quint32 contextTokens = 0; ///< per conversation, as loaded; 0: not known (remote)
    EngineSettings settings;   ///< as loaded
    qint64 loadNs = 0;
    quint32 layers = 0, layersOnGpu = 0;
    double readBytesPerSecond = 0; ///< of the device's memory, measured; 0: not known
    quint64 weightBytes = 0, kvBytes = 0, workspaceBytes = 0;
    quint64 gpuBytes = 0;        ///< of them, on the GPU
    quint64 freeBytes = 0;       ///< of the device's memory after loading; 0: not known
    QStringList notes;           ///< sentences worth showing, such as that a built-in chat template stands in
    bool leavesComputer = false; ///< what the user writes goes to another machine
    bool encrypted = true;       ///< on its way there
};

/// What became of a request since the last update. Numbers, never sentences.
struct AnswerUpdate {
    QString text;                            ///< to append; never half a character
    quint32 promptDone = 0, promptTotal = 0; ///< tokens read, of all
    quint32 tokens = 0;                      ///< generated so far; 0: none, or the server does not tell
    qint64 firstTokenNs = 0;                 ///< from submit to the first token; 0 before it
    qint64 decodeNs = 0;                     ///< from the first token to the newest
    quint32 contextUsed = 0;                 ///< tokens; 0: not known yet
    std::vector<engine::StepTiming> steps;   ///< one per new token
};

/// The seam between the window and whatever answers: LocalEngine (this process), RemoteEngine (a server),
/// SwitchingEngine (whichever of them the model needs), ScriptedEngine (tests and the offline app). Used from
/// the GUI thread only; no call blocks, and no signal is emitted from inside a call.
class EnginePort : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// Loads a model in place of the present one: ends in loaded or loadFailed. A file that is refused at
    /// first sight leaves the present model as it is; otherwise unloaded is emitted before the new one takes
    /// memory.
    virtual void load(const LoadRequest& request) = 0;
    virtual void cancelLoad() = 0; ///< loadFailed with ErrorCode::Cancelled follows, unless it was too late
    virtual void unload() = 0;     ///< stops all answers, frees the model, then emits unloaded

    /// Asks for an answer. Updates come at most once a frame, then one finished or failed.
    virtual RequestId submit(engine::GenerationRequest request) = 0;
    virtual void
    stop(RequestId id) = 0; ///< finished with FinishReason::Stopped follows, unless it was too late

    /// Counts a text's tokens with the loaded model's tokenizer: counted follows. 0: nothing can count now.
    virtual RequestId countTokens(const QString& text) {
        Q_UNUSED(text);
        return 0;
    }

    /// Whether steps are to be told in detail (StepTiming::spans), for who looks at them.
    virtual void setDetailed(bool detailed) = 0;

    /// Times the cases while nothing is answered; what is submitted meanwhile waits. Every case that is done
    /// gives a measured, then one comparisonEnded follows.
    virtual void compare(const ComparisonRequest& request) = 0;
    virtual void stopComparison() = 0;

signals:
    void loadProgressed(quint64 bytesDone, quint64 bytesTotal);
    void loaded(const altiplano::app::ModelInfo& info);
    void loadFailed(const altiplano::engine::events::Failed& failure);
    void unloaded();

    void comparisonProgressed(int done, int total); ///< repetitions
    void measured(int settings,
                  const QByteArray& row);         ///< index in the request, and engine::benchRow as JSON
    void comparisonEnded(const QString& failure); ///< a sentence; empty: all was measured, or stopped

    void answered(altiplano::app::RequestId id, const altiplano::app::AnswerUpdate& update);
    void dropped(altiplano::app::RequestId id, const altiplano::engine::events::Dropped& what);
    void counted(altiplano::app::RequestId id, quint32 tokens);
    void finished(altiplano::app::RequestId id, const altiplano::engine::events::Finished& result);
    void keyRefused(altiplano::app::RequestId id); ///< by the server; failed follows
    void failed(altiplano::app::RequestId id, const altiplano::engine::events::Failed& failure);
};

} // namespace altiplano::app
