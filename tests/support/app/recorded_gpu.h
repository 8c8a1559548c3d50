#pragma once

#include "engine/step_timing.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <vector>

namespace altiplano::app {

/// The newest step of a row that `altiplano-cli bench --json --spans` wrote, so many times one after the
/// other.
inline std::vector<engine::StepTiming> recordedGpuSteps(const QString& path, bool graphs, std::size_t count) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) return {};
    QJsonObject told;
    for (const QJsonValue row : QJsonDocument::fromJson(file.readAll()).array())
        if (row["graphs"].toBool() == graphs) told = row["step"].toObject();
    engine::StepTiming step;
    step.startNs = 1'000'000'000;
    step.rows = step.decodeRows = 1;
    step.path = graphs ? engine::StepPath::Graphs : engine::StepPath::Launches;
    for (std::size_t i = 0; i < engine::kHostPhases; ++i) {
        const std::string_view name = engine::phaseName(static_cast<engine::HostPhase>(i));
        step.hostNs[i] = told["host_ns"][QLatin1String(name.data(), qsizetype(name.size()))].toInteger();
        step.wallNs += step.hostNs[i];
    }
    std::vector<engine::DeviceSpan> spans;
    for (const QJsonValue value : told["spans"].toArray()) {
        engine::DeviceSpan span{value[2].toInteger(), static_cast<std::uint32_t>(value[3].toInteger()),
                                static_cast<std::uint16_t>(value[1].toInt())};
        for (std::size_t i = 0; i < engine::kDevicePhases; ++i)
            if (const auto phase = static_cast<engine::DevicePhase>(i);
                value[0].toString().toStdString() == engine::phaseName(phase))
                span.phase = phase;
        step.device(span.phase) += span.durationNs;
        spans.push_back(span);
    }
    std::vector<engine::StepTiming> steps;
    for (std::size_t i = 0; i < count; ++i, step.startNs += step.wallNs) {
        auto moved = std::make_shared<std::vector<engine::DeviceSpan>>(spans);
        for (engine::DeviceSpan& span : *moved)
            span.startNs += step.startNs;
        steps.push_back(step);
        steps.back().spans = std::move(moved);
    }
    return steps;
}

/// The same, but that their kernels begin so much before the host comes to them: a device that runs ahead.
inline std::vector<engine::StepTiming> ahead(std::vector<engine::StepTiming> steps, std::int64_t ns) {
    for (engine::StepTiming& step : steps) {
        auto spans = std::make_shared<std::vector<engine::DeviceSpan>>(*step.spans);
        for (engine::DeviceSpan& span : *spans)
            span.startNs -= ns;
        step.spans = std::move(spans);
    }
    return steps;
}

} // namespace altiplano::app
