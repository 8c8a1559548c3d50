#include "performance_tables.h"

#include "step_pieces.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cmath>
#include <vector>

namespace altiplano::app {

namespace {

constexpr std::size_t kLayerSteps = 32;                           ///< that are averaged
constexpr int kHostThread = 1, kDeviceThread = 2, kCpuThread = 3; ///< of a trace

QString title(const char* text) {
    return QCoreApplication::translate("Tables", text);
}

double us(double ns) {
    return ns / 1e3;
}

bool isEarlier(const StepPiece& a, const StepPiece& b) {
    return a.startNs < b.startNs;
}

QJsonObject metadata(const char* what, int thread, const QString& name) {
    return {{QStringLiteral("name"), QLatin1String(what)},
            {QStringLiteral("ph"), QStringLiteral("M")},
            {QStringLiteral("pid"), 1},
            {QStringLiteral("tid"), thread},
            {QStringLiteral("args"), QJsonObject{{QStringLiteral("name"), name}}}};
}

QJsonObject eventOf(const StepPiece& piece, std::int64_t originNs, int token) {
    QJsonObject args{{QStringLiteral("token"), token}};
    if (inLayer(piece)) args.insert(QStringLiteral("layer"), piece.layer + 1);
    const bool host = piece.lane == StepPiece::Host && !isCpuPart(piece.phase);
    const int thread = host ? kHostThread : isCpuPart(piece.phase) ? kCpuThread : kDeviceThread;
    return {{QStringLiteral("name"), piece.waiting ? QStringLiteral("wait") : phaseTitle(piece.phase)},
            {QStringLiteral("cat"), host ? QStringLiteral("host") : QStringLiteral("device")},
            {QStringLiteral("ph"), QStringLiteral("X")},
            {QStringLiteral("ts"), us(static_cast<double>(piece.startNs - originNs))},
            {QStringLiteral("dur"), us(static_cast<double>(piece.durationNs))},
            {QStringLiteral("pid"), 1},
            {QStringLiteral("tid"), thread},
            {QStringLiteral("args"), args}};
}

} // namespace

DataTable phaseTable(const PerformanceModel& performance) {
    DataTable table;
    table.title = title(QT_TRANSLATE_NOOP("Tables", "Phases of a token"));
    table.columns = {QStringLiteral("phase"), QStringLiteral("us_per_token"), QStringLiteral("percent"),
                     QStringLiteral("change_percent")};
    for (const PhaseTable::Row& row : performance.phaseRows())
        table.rows.append({phaseTitle(row.phase), us(row.ns), 100 * row.share,
                           std::isnan(row.change) ? QVariant() : QVariant(100 * row.change)});
    return table;
}

DataTable tokenTable(const PerformanceModel& performance) {
    DataTable table;
    table.title = title(QT_TRANSLATE_NOOP("Tables", "The last tokens"));
    table.columns = {QStringLiteral("token"), QStringLiteral("wall_us")};
    for (std::size_t i = 0; i < kPhases; ++i)
        table.columns << phaseKey(static_cast<Phase>(i)) + QStringLiteral("_us");
    const StepHistory& steps = performance.steps();
    const std::size_t count = std::min<std::size_t>(PerformanceModel::kTokensShown, steps.size());
    for (std::size_t age = count; age-- > 0;) {
        const Breakdown parts = breakdownOf(steps.fromNewest(age));
        QVariantList row{static_cast<int>(count - age), us(static_cast<double>(parts.wallNs()))};
        for (const std::int64_t ns : parts.ns)
            row.append(us(static_cast<double>(ns)));
        table.rows.append(row);
    }
    return table;
}

DataTable timelineTable(const PerformanceModel& performance) {
    DataTable table;
    table.title = title(QT_TRANSLATE_NOOP("Tables", "The newest token along time"));
    table.columns = {QStringLiteral("start_us"), QStringLiteral("us"), QStringLiteral("lane"),
                     QStringLiteral("phase"), QStringLiteral("layer")};
    if (performance.steps().size() == 0) return table;
    const engine::StepTiming& step = performance.steps().fromNewest(0);
    std::vector<StepPiece> pieces = piecesOf(step);
    std::stable_sort(pieces.begin(), pieces.end(), isEarlier);
    for (const StepPiece& piece : pieces)
        table.rows.append({us(static_cast<double>(piece.startNs - step.startNs)),
                           us(static_cast<double>(piece.durationNs)),
                           piece.lane == StepPiece::Host ? QStringLiteral("host") : QStringLiteral("device"),
                           piece.waiting ? QStringLiteral("wait") : phaseTitle(piece.phase),
                           inLayer(piece) ? QVariant(piece.layer + 1) : QVariant()});
    return table;
}

DataTable rateTable(const PerformanceModel& performance) {
    DataTable table;
    table.title = title(QT_TRANSLATE_NOOP("Tables", "Tokens per second over time"));
    table.columns = {QStringLiteral("answer"), QStringLiteral("tokens_per_s")};
    for (const PerformanceModel::Rate& rate : performance.rates())
        table.rows.append({rate.answer, rate.tokensPerSecond});
    return table;
}

DataTable memoryTable(const PerformanceModel& performance) {
    DataTable table;
    table.title = title(QT_TRANSLATE_NOOP("Tables", "Memory"));
    table.columns = {QStringLiteral("what"), QStringLiteral("bytes")};
    table.rows = {{QStringLiteral("weights"), performance.weightBytes()},
                  {QStringLiteral("kv"), performance.kvBytes()},
                  {QStringLiteral("workspace"), performance.workspaceBytes()},
                  {QStringLiteral("free"), performance.freeBytes()}};
    return table;
}

DataTable roofTable(const PerformanceModel& performance) {
    DataTable table;
    table.title = title(QT_TRANSLATE_NOOP("Tables", "Memory roof"));
    table.columns = {QStringLiteral("what"), QStringLiteral("bytes_per_s")};
    table.rows = {{QStringLiteral("read"), performance.bytesPerSecond()},
                  {QStringLiteral("measured roof"), performance.roofBytesPerSecond()}};
    return table;
}

DataTable layerTable(const StepHistory& steps, Phase phase) {
    std::vector<double> sums;
    std::size_t counted = 0;
    for (std::size_t age = 0; age < steps.size() && counted < kLayerSteps; ++age) {
        const engine::StepTiming& step = steps.fromNewest(age);
        if (!step.spans) continue;
        ++counted;
        for (const engine::DeviceSpan& span : *step.spans) {
            if (partOf(span.phase, span.cpuPart) != phase) continue;
            if (span.layer >= sums.size()) sums.resize(span.layer + std::size_t{1});
            sums[span.layer] += span.durationNs;
        }
    }
    DataTable table;
    table.title = phaseTitle(phase);
    table.columns = {QStringLiteral("layer"), QStringLiteral("us")};
    for (std::size_t layer = 0; layer < sums.size(); ++layer)
        if (sums[layer] > 0) // a split model's first layers have none on the CPU
            table.rows.append({static_cast<int>(layer + 1), us(sums[layer] / static_cast<double>(counted))});
    return table;
}

QByteArray chromeTrace(const StepHistory& steps, const QString& process, const QString& device) {
    QJsonArray events{metadata("process_name", 1, process),
                      metadata("thread_name", kHostThread, QStringLiteral("host")),
                      metadata("thread_name", kDeviceThread, device)};
    if (steps.size() > 0) {
        // A device that runs ahead begins before its step, and readers of traces drop what is before 0.
        std::int64_t origin = steps.fromNewest(steps.size() - 1).startNs;
        for (std::size_t age = 0; age < steps.size(); ++age)
            for (const StepPiece& piece : piecesOf(steps.fromNewest(age)))
                origin = std::min(origin, piece.startNs);
        const auto& cpuPart = steps.fromNewest(0).cpuPartNs;
        if (std::any_of(cpuPart.begin(), cpuPart.end(), [](std::int64_t ns) { return ns > 0; }))
            events.append(metadata("thread_name", kCpuThread, QStringLiteral("CPU layers")));
        for (std::size_t age = steps.size(); age-- > 0;)
            for (const StepPiece& piece : piecesOf(steps.fromNewest(age)))
                events.append(eventOf(piece, origin, static_cast<int>(steps.size() - age)));
    }
    return QJsonDocument(QJsonObject{{QStringLiteral("traceEvents"), events},
                                     {QStringLiteral("displayTimeUnit"), QStringLiteral("ns")}})
        .toJson(QJsonDocument::Compact);
}

} // namespace altiplano::app
