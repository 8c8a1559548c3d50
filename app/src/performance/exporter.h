#pragma once

#include "comparison.h"
#include "performance_model.h"

#include <QColor>
#include <QObject>
#include <QUrl>
#include <QVariant>
#include <QtQml/qqmlregistration.h>

namespace altiplano::app {

/// Takes what the performance view shows along: tables, pictures and a trace, as files. GUI thread only.
class Exporter : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Made by the application")
public:
    /// Both must outlive it.
    Exporter(const PerformanceModel& performance, const Comparison& comparison)
        : m_performance(performance), m_comparison(comparison) {}

    enum Table { Phases, Tokens, Timeline, Rates, Memory, Roof, Results };
    Q_ENUM(Table)

    Q_INVOKABLE altiplano::app::DataTable table(altiplano::app::Exporter::Table which) const;
    /// The same as far as it can be read: tokens and rates from the newest back, of the timeline its
    /// beginning.
    Q_INVOKABLE altiplano::app::DataTable readable(altiplano::app::Exporter::Table which) const;
    Q_INVOKABLE altiplano::app::DataTable layers(int phase) const; ///< a phase, layer by layer
    Q_INVOKABLE QString trace() const;                             ///< Chrome trace events

    /// False where the file cannot be written.
    Q_INVOKABLE static bool saveText(const QUrl& file, const QString& text);
    /// `picture` is a QImage, as an item grabs it; PNG on this background, with a margin.
    Q_INVOKABLE static bool savePicture(const QUrl& file, const QVariant& picture, const QColor& background);

private:
    const PerformanceModel& m_performance;
    const Comparison& m_comparison;
};

} // namespace altiplano::app
