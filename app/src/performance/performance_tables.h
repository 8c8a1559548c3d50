#pragma once

#include "data_table.h"
#include "performance_model.h"

#include <QByteArray>

namespace altiplano::app {

/// What the plots of the performance view show, as tables.
DataTable phaseTable(const PerformanceModel& performance); ///< phase, us per token, share, change
DataTable tokenTable(const PerformanceModel& performance); ///< a row per token shown, a column per phase
/// The pieces of the newest token along time: start and length in us, host or device, phase, layer.
DataTable timelineTable(const PerformanceModel& performance);
DataTable rateTable(const PerformanceModel& performance);   ///< tokens per second over time
DataTable memoryTable(const PerformanceModel& performance); ///< bytes
DataTable roofTable(const PerformanceModel& performance);   ///< bytes per second

/// A phase layer by layer, averaged over the newest steps that tell: layer, us. No rows where none does.
DataTable layerTable(const StepHistory& steps, Phase phase);

/// The steps as Chrome trace events ("Trace Event Format", JSON object form),
/// which Perfetto and chrome://tracing open: one thread for the host, one for the device, and one for the
/// layers that a split model leaves to the CPU.
QByteArray chromeTrace(const StepHistory& steps, const QString& process, const QString& device);

} // namespace altiplano::app
