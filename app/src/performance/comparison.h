#pragma once

#include "bench_sheet.h"
#include "engine_port.h"
#include "measurement_store.h"

#include <QObject>
#include <QUrl>
#include <QVariantList>
#include <QtQml/qqmlregistration.h>

#include <optional>

namespace altiplano::app {

/// Measurements of the loaded model on this machine: a whole comparison, whose result is kept and shown, or a
/// trial of other settings beside the present ones. Shows results that were kept, and files of other
/// machines. GUI thread only.
class Comparison : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Made by the application")
    Q_PROPERTY(bool running READ running NOTIFY changed)
    Q_PROPERTY(bool trying READ trying NOTIFY changed)
    Q_PROPERTY(double progress READ progress NOTIFY progressChanged)
    Q_PROPERTY(QString failure READ failure NOTIFY changed)

    Q_PROPERTY(bool hasResult READ hasResult NOTIFY changed)
    Q_PROPERTY(bool onGpu READ onGpu NOTIFY changed)
    Q_PROPERTY(QString title READ title NOTIFY changed)
    Q_PROPERTY(QStringList facts READ facts NOTIFY changed)
    Q_PROPERTY(QStringList series READ series NOTIFY changed)
    Q_PROPERTY(QString trend READ trend NOTIFY changed)
    Q_PROPERTY(altiplano::app::DataTable table READ table NOTIFY changed)
    Q_PROPERTY(QVariantList kept READ kept NOTIFY changed)
    Q_PROPERTY(QString shownFile READ shownFile NOTIFY changed)

    Q_PROPERTY(altiplano::app::DataTable trial READ trial NOTIFY changed)
    Q_PROPERTY(double trialBefore READ trialBefore NOTIFY changed)
    Q_PROPERTY(double trialAfter READ trialAfter NOTIFY changed)
public:
    enum Metric { Speed, SpeedOfEach, HostUs, HostPercent, RoofPercent };
    Q_ENUM(Metric)

    /// Results are kept in `folder`.
    Comparison(EnginePort& engine, const QString& folder, QObject* parent = nullptr);

    Q_INVOKABLE void run(); ///< batch 1, 4, 8, 16, with and without graphs on a GPU, and a prompt
    /// The present settings against others: K/V in eight bits; on a GPU layers on it (-1: as many as fit) and
    /// graphs; without one threads (0: the engine's choice). What there is no switch for stays as it is.
    Q_INVOKABLE void tryOut(int threads, int gpuLayers, bool kvQ8, bool graphs);
    Q_INVOKABLE void useTrial(); ///< loads the model again with the settings that were tried
    Q_INVOKABLE void stop();
    Q_INVOKABLE void open(const QUrl& file);
    Q_INVOKABLE void show(const QString& keptFile);
    Q_INVOKABLE void remove(const QString& keptFile);

    bool running() const { return m_running != Nothing; }
    bool trying() const { return m_running == Trial; }
    double progress() const { return m_progress; }
    QString failure() const { return m_failure; }

    bool hasResult() const { return !m_sheet.rows.empty(); }
    bool onGpu() const { return hasResult() && m_sheet.rows.front().backend != QLatin1String("cpu"); }
    QString title() const;      ///< the model
    QStringList facts() const;  ///< device, threads or layers, driver, version, day
    QStringList series() const; ///< names of the bars of a group: with and without graphs, or one
    QString trend() const;      ///< a sentence: against the last result of the same case; empty: none
    DataTable table() const { return m_sheet.table(); }
    QVariantList kept() const { return m_kept; } ///< {file, title, detail}, the newest first
    QString shownFile() const { return m_shownFile; }

    /// Decoding by batch: [{label, values: [one per series]}], NaN where there is none.
    Q_INVOKABLE QVariantList groups(altiplano::app::Comparison::Metric metric) const;
    /// Prompt and decoding at batch 1: [{label, values: [tokens/s]}]
    Q_INVOKABLE QVariantList promptAndDecode() const;

    DataTable trial() const { return m_trial; }
    double trialBefore() const { return m_trialRows.size() == 2 ? m_trialRows[0].tokensPerSecond : 0; }
    double trialAfter() const { return m_trialRows.size() == 2 ? m_trialRows[1].tokensPerSecond : 0; }

signals:
    void changed();
    void progressChanged();
    void settingsChosen(const altiplano::app::EngineSettings& settings);

private:
    enum Running { Nothing, Whole, Trial };

    void begin(Running what, const ComparisonRequest& request);
    void onMeasured(const QByteArray& row);
    void onEnded(const QString& failure);
    void onLoaded(const ModelInfo& info);
    void setSheet(BenchSheet sheet, const QString& file);
    void refreshKept();

    EnginePort& m_engine;
    MeasurementStore m_store;
    ModelInfo m_info;
    Running m_running = Nothing;
    double m_progress = 0;
    QString m_failure;
    QList<QByteArray> m_rows; ///< of the run, so far
    BenchSheet m_sheet;
    QString m_shownFile;
    QVariantList m_kept;
    EngineSettings m_tried;
    std::vector<BenchRow> m_trialRows;
    DataTable m_trial;
};

/// Decoding speed against an earlier measurement of the same cases: the median of the ratios, less 1. Nothing
/// where no case is in both.
std::optional<double> speedChange(const BenchSheet& now, const BenchSheet& before);

} // namespace altiplano::app
