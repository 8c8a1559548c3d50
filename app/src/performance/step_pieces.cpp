#include "step_pieces.h"

#include <QCoreApplication>

#include <array>
#include <numeric>

namespace altiplano::app {

namespace {

using engine::HostPhase;

/// As a step happens: it begins by handing over what the one before it gave.
constexpr std::array kHostOrder = {HostPhase::Deliver,   HostPhase::Schedule, HostPhase::Prepare,
                                   HostPhase::Launch,    HostPhase::Wait,     HostPhase::Sample,
                                   HostPhase::Detokenize};

Phase hostPart(HostPhase phase) {
    constexpr std::array kParts = {Phase::Schedule, Phase::Prepare,    Phase::Launch, Phase::Other,
                                   Phase::Sample,   Phase::Detokenize, Phase::Deliver};
    return kParts.at(static_cast<std::size_t>(phase));
}

StepPiece::Lane laneOf(bool cpuPart) {
    return cpuPart ? StepPiece::Host : StepPiece::Device;
}

} // namespace

std::vector<StepPiece> piecesOf(const engine::StepTiming& step) {
    std::vector<StepPiece> pieces;
    pieces.reserve(kHostOrder.size() + (step.spans ? step.spans->size() : engine::kDevicePhases));
    std::int64_t at = step.startNs, waitStart = at;
    for (const HostPhase phase : kHostOrder) {
        const std::int64_t ns = step.host(phase);
        const bool waiting = phase == HostPhase::Wait;
        if (waiting) waitStart = at;
        if (ns > 0) pieces.push_back({at, ns, hostPart(phase), StepPiece::Host, -1, waiting});
        at += ns;
    }
    if (step.spans) {
        for (const engine::DeviceSpan& span : *step.spans)
            pieces.push_back({span.startNs, span.durationNs, partOf(span.phase, span.cpuPart),
                              laneOf(span.cpuPart), span.layer, false});
        return pieces;
    }
    const std::int64_t sum = std::accumulate(step.deviceNs.begin(), step.deviceNs.end(), std::int64_t{0});
    at = step.path == engine::StepPath::Host ? waitStart : step.startNs + step.wallNs - sum;
    const auto add = [&](std::size_t phase, std::int64_t ns, bool cpuPart) {
        if (ns > 0)
            pieces.push_back({at, ns, partOf(static_cast<engine::DevicePhase>(phase), cpuPart),
                              laneOf(cpuPart), -1, false});
        at += ns;
    };
    for (const bool cpuPart : {false, true})
        for (std::size_t i = 0; i < engine::kDevicePhases; ++i)
            add(i, cpuPart ? step.cpuPartNs[i] : step.deviceNs[i] - step.cpuPartNs[i], cpuPart);
    return pieces;
}

bool inLayer(const StepPiece& piece) {
    const bool device = piece.phase >= Phase::Qkv && piece.phase <= Phase::FeedForward;
    const bool cpuPart = piece.phase >= Phase::CpuQkv && piece.phase <= Phase::CpuFeedForward;
    return (device || cpuPart) && piece.layer >= 0;
}

QString pieceTitle(const StepPiece& piece) {
    if (piece.waiting) return QCoreApplication::translate("StepPiece", "wait for the device");
    const QString title = phaseTitle(piece.phase);
    return inLayer(piece)
               ? QCoreApplication::translate("StepPiece", "%1, layer %2").arg(title).arg(piece.layer + 1)
               : title;
}

} // namespace altiplano::app
