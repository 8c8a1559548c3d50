#pragma once

#include "engine_port.h"
#include "phase_table.h"
#include "step_history.h"

#include <QObject>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include <deque>
#include <vector>

namespace altiplano::app {

/// Where the time of the answers goes: numbers for the quiet line twice a second at most, and the newest
/// steps for whoever draws them. Listens to the engine; nothing here costs the engine anything. Numbers are 0
/// where they are not known. GUI thread only.
class PerformanceModel : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Made by the application")
    Q_PROPERTY(bool open READ open WRITE setOpen NOTIFY openChanged)
    Q_PROPERTY(double tokensPerSecond READ tokensPerSecond NOTIFY numbersChanged)
    Q_PROPERTY(double firstTokenSeconds READ firstTokenSeconds NOTIFY numbersChanged)
    Q_PROPERTY(double cpuShare READ cpuShare NOTIFY numbersChanged)
    Q_PROPERTY(double gpuShare READ gpuShare NOTIFY numbersChanged)
    Q_PROPERTY(double roofShare READ roofShare NOTIFY numbersChanged)
    Q_PROPERTY(double bytesPerSecond READ bytesPerSecond NOTIFY numbersChanged)
    Q_PROPERTY(double nsPerToken READ nsPerToken NOTIFY numbersChanged)
    Q_PROPERTY(int tokens READ tokens NOTIFY numbersChanged)
    Q_PROPERTY(altiplano::app::PhaseTable* phases READ phases CONSTANT)

    Q_PROPERTY(bool onGpu READ onGpu NOTIFY modelChanged)
    Q_PROPERTY(QString backend READ backend NOTIFY modelChanged)
    Q_PROPERTY(int threads READ threads NOTIFY modelChanged)
    Q_PROPERTY(int layers READ layers NOTIFY modelChanged)
    Q_PROPERTY(int layersOnGpu READ layersOnGpu NOTIFY modelChanged)
    Q_PROPERTY(bool kvQ8 READ kvQ8 NOTIFY modelChanged)
    Q_PROPERTY(bool graphs READ graphs NOTIFY modelChanged)
    Q_PROPERTY(double roofBytesPerSecond READ roofBytesPerSecond NOTIFY modelChanged)
    Q_PROPERTY(double weightBytes READ weightBytes NOTIFY modelChanged)
    Q_PROPERTY(double kvBytes READ kvBytes NOTIFY modelChanged)
    Q_PROPERTY(double workspaceBytes READ workspaceBytes NOTIFY modelChanged)
    Q_PROPERTY(double freeBytes READ freeBytes NOTIFY modelChanged)
public:
    explicit PerformanceModel(EnginePort& engine, QObject* parent = nullptr);

    static constexpr int kTokensShown = 256;
    static constexpr std::size_t kRates = 240;

    /// Tokens per second during half a second of the answer with this number.
    struct Rate {
        double tokensPerSecond = 0;
        quint64 answer = 0;
    };

    /// Says nothing of this answer, which is none of the user's.
    void ignore(RequestId id) { m_ignored = id; }

    bool open() const { return m_open; } ///< somebody looks: the table is kept up to date, too
    void setOpen(bool open);

    double tokensPerSecond() const { return m_tokensPerSecond; } ///< now; after an answer: all of it
    double firstTokenSeconds() const { return m_firstTokenSeconds; }
    double cpuShare() const { return m_cpuShare; } ///< of the last tokens' time, 0..1
    double gpuShare() const { return m_gpuShare; }
    double roofShare() const;                                  ///< of the measured bandwidth, 0..1
    double bytesPerSecond() const { return m_bytesPerSecond; } ///< weights and K/V, of the last tokens
    double nsPerToken() const;                                 ///< of this answer
    int tokens() const { return static_cast<int>(m_run.tokens); }
    PhaseTable* phases() { return &m_phases; }
    const std::vector<PhaseTable::Row>& phaseRows() const { return m_phases.rows(); }
    const StepHistory& steps() const { return m_steps; }
    const std::deque<Rate>& rates() const { return m_rates; }

    bool onGpu() const { return m_info.backend == QLatin1String("cuda"); }
    QString backend() const { return m_info.backend; }
    int threads() const { return static_cast<int>(m_info.threads); }
    int layers() const { return static_cast<int>(m_info.layers); }
    int layersOnGpu() const { return static_cast<int>(m_info.layersOnGpu); }
    bool kvQ8() const { return m_info.settings.kvQ8; }
    bool graphs() const { return onGpu() && m_info.settings.graphs; }
    double roofBytesPerSecond() const { return m_info.readBytesPerSecond; }
    double weightBytes() const { return static_cast<double>(m_info.weightBytes); }
    double kvBytes() const { return static_cast<double>(m_info.kvBytes); }
    double workspaceBytes() const { return static_cast<double>(m_info.workspaceBytes); }
    double freeBytes() const { return static_cast<double>(m_info.freeBytes); }

signals:
    void openChanged();
    void modelChanged();
    void numbersChanged();
    /// With the numbers where the model runs on the CPU, which drawing takes cores from; else as often as the
    /// engine tells of new tokens.
    void stepsChanged();

private:
    /// The tokens of one answer, as far as they were timed.
    struct Run {
        RequestId id = 0;
        Breakdown sum;
        double tokens = 0;
    };
    struct Progress {
        qint64 decodeNs = 0;
        quint32 tokens = 0;
    };

    void onAnswered(RequestId id, const AnswerUpdate& update);
    void onEnded(RequestId id);
    void onLoaded(const ModelInfo& info);
    void begin(RequestId id);
    void noteSteps(const AnswerUpdate& update);
    void tellOfSteps();
    void tick();
    void computeShares();

    EnginePort& m_engine;
    ModelInfo m_info;
    StepHistory m_steps{1024};
    PhaseTable m_phases;
    Run m_run, m_lastRun;
    quint64 m_answers = 0; ///< that were timed, this one included
    RequestId m_ignored = 0;
    std::deque<Progress> m_progress; ///< of the answer, over the last second
    std::deque<Rate> m_rates;
    // While it runs, numbersChanged and, on the CPU, stepsChanged wait: for the next text after that, with
    // which the window is drawn anyway. A frame of their own would cost the CPU as much as what they show.
    QTimer m_pace;
    bool m_stepsPending = false;
    bool m_pending = false;
    bool m_open = false;
    double m_tokensPerSecond = 0;
    double m_firstTokenSeconds = 0;
    double m_cpuShare = 0;
    double m_gpuShare = 0;
    double m_bytesPerSecond = 0;
};

} // namespace altiplano::app
