#include "token_bars.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace altiplano::app {

double roundAxisEnd(double value) {
    if (value <= 0) return 0;
    const double power = std::pow(10, std::floor(std::log10(value)));
    for (const double step : {1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0})
        if (step * power >= value * (1 - 1e-9)) return step * power;
    return 10 * power;
}

/// A third above the usual token; a single slow one must not flatten all others.
double TokenBars::chooseTop() const {
    std::vector<std::int64_t> walls;
    for (int age = 0; age < m_tokens; ++age)
        walls.push_back(source()->steps().fromNewest(static_cast<std::size_t>(age)).wallNs);
    const auto high = walls.begin() + static_cast<std::ptrdiff_t>(walls.size() * 9 / 10);
    std::nth_element(walls.begin(), high, walls.end());
    return roundAxisEnd(1.15 * static_cast<double>(*high));
}

void TokenBars::layOut() {
    const StepHistory& steps = source()->steps();
    const double gap = pixel();
    m_pitch = std::max(pixel(), std::floor(width() / PerformanceModel::kTokensShown / pixel()) * pixel());
    m_fit = std::min(PerformanceModel::kTokensShown, static_cast<int>(width() / m_pitch));
    m_tokens = std::min(m_fit, static_cast<int>(steps.size()));
    m_topNs = m_tokens > 0 ? chooseTop() : 0;
    const double bottom = height() - gap;
    addBox(0, bottom, width(), height(), colors()->line());
    const double barWidth = m_pitch > 2.5 * gap ? m_pitch - gap : m_pitch;
    std::array<QColor, kPhases> inks;
    for (std::size_t i = 0; i < kPhases; ++i)
        inks[i] = colors()->of(static_cast<Phase>(i));
    for (int age = 0; age < m_tokens; ++age) {
        const Breakdown parts = breakdownOf(steps.fromNewest(static_cast<std::size_t>(age)));
        const double left = snapped(width()) - (age + 1) * m_pitch;
        double sum = 0, below = bottom;
        for (std::size_t i = 0; i < kPhases && below > 0; ++i) {
            sum += static_cast<double>(parts.ns[i]);
            const double top = std::max(0.0, bottom * (1 - sum / m_topNs));
            addBox(left, top, left + barWidth, below, inks[i]);
            below = top;
        }
        if (static_cast<double>(parts.wallNs()) > m_topNs)
            addBox(left, 0, left + barWidth, 2 * pixel(), colors()->text());
    }
}

QVariantMap TokenBars::at(double x, double y) const {
    const int age = static_cast<int>((snapped(width()) - x) / m_pitch);
    if (!source() || x < 0 || age < 0 || age >= m_tokens) return {};
    const Breakdown parts = breakdownOf(source()->steps().fromNewest(static_cast<std::size_t>(age)));
    const double ns = (1 - y / (height() - pixel())) * m_topNs;
    double sum = 0;
    for (std::size_t i = 0; i < kPhases; ++i) {
        sum += static_cast<double>(parts.ns[i]);
        if (ns > sum || parts.ns[i] == 0) continue;
        const auto phase = static_cast<Phase>(i);
        return {{QStringLiteral("age"), age},
                {QStringLiteral("phase"), static_cast<int>(phase)},
                {QStringLiteral("title"), phaseTitle(phase)},
                {QStringLiteral("sentence"), phaseSentence(phase)},
                {QStringLiteral("ns"), static_cast<double>(parts.ns[i])},
                {QStringLiteral("wallNs"), static_cast<double>(parts.wallNs())}};
    }
    return {};
}

} // namespace altiplano::app
