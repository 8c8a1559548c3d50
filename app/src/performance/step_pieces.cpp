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
            pieces.push_back({span.startNs, span.durationNs, static_cast<Phase>(span.phase),
                              StepPiece::Device, span.layer, false});
        return pieces;
    }
    const std::int64_t sum = std::accumulate(step.deviceNs.begin(), step.deviceNs.end(), std::int64_t{0});
    at = step.path == engine::StepPath::Host ? waitStart : step.startNs + step.wallNs - sum;
    for (std::size_t i = 0; i < engine::kDevicePhases; ++i) {
        if (step.deviceNs[i] > 0)
            pieces.push_back({at, step.deviceNs[i], static_cast<Phase>(i), StepPiece::Device, -1, false});
        at += step.deviceNs[i];
    }
    return pieces;
}

QString pieceTitle(const StepPiece& piece) {
    if (piece.waiting) return QCoreApplication::translate("StepPiece", "wait for the device");
    const QString title = phaseTitle(piece.phase);
    const bool inLayer = piece.phase >= Phase::Qkv && piece.phase <= Phase::FeedForward && piece.layer >= 0;
    return inLayer ? QCoreApplication::translate("StepPiece", "%1, layer %2").arg(title).arg(piece.layer + 1)
                   : title;
}

} // namespace altiplano::app
