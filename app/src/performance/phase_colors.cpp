#include "phase_colors.h"

#include <array>

namespace altiplano::app {

namespace {

QColor mix(const QColor& a, const QColor& b, double share) {
    const auto blend = [share](int from, int to) { return qRound(from + (to - from) * share); };
    return {blend(a.red(), b.red()), blend(a.green(), b.green()), blend(a.blue(), b.blue())};
}

/// By phase. The order of a token is embed, then per layer qkv, attention, projection, feed forward, then
/// logits and what the host does: neighbours in it are at least two apart.
constexpr std::array<int, kPhases> kLevels = {-1, 2, -2, 3, 0,  -3, 1, // the device
                                              -1, 2, -2, 3, 0,  -3,    // the CPU's part
                                              -2, 2, 0,  3, -1, 1,  0};

} // namespace

QColor shade(const QColor& color, int level) {
    constexpr std::array<double, 7> kShares = {0.55, 0.38, 0.2, 0, 0.25, 0.45, 0.65};
    return mix(color, level < 0 ? Qt::black : Qt::white, kShares.at(static_cast<std::size_t>(level + 3)));
}

QColor PhaseColors::of(Phase phase) const {
    if (phase == Phase::Other) return m_neutral;
    const int level = kLevels.at(static_cast<std::size_t>(phase));
    if (isDevicePhase(phase)) return shade(device(), level);
    return shade(m_onGpu || isCpuPart(phase) ? m_cpu : mix(m_cpu, m_neutral, 0.6), level);
}

} // namespace altiplano::app
