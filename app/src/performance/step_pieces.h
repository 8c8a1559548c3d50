#pragma once

#include "phase.h"

#include <vector>

namespace altiplano::app {

/// A stretch of a step on one of two lanes: the host's thread, with what a split model leaves to the CPU, or
/// the device (a GPU's stream, or the thread pool).
struct StepPiece {
    enum Lane { Host, Device };
    std::int64_t startNs = 0; ///< steady clock
    std::int64_t durationNs = 0;
    Phase phase = Phase::Other;
    Lane lane = Host;
    int layer = -1;       ///< -1: of no single one
    bool waiting = false; ///< the host waits for the device
};

/// A step along time. The host's phases follow one another in their order. The device's spans are told by the
/// step; where they are not, its phases stand one after the other, at the end where the device runs ahead.
std::vector<StepPiece> piecesOf(const engine::StepTiming& step);

/// Whether it happened in a single layer that is known.
bool inLayer(const StepPiece& piece);

/// "attention, layer 12", or "wait".
QString pieceTitle(const StepPiece& piece);

} // namespace altiplano::app
