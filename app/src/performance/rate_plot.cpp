#include "rate_plot.h"

#include "token_bars.h"

#include <algorithm>

namespace altiplano::app {

void RatePlot::follow(PerformanceModel& source) {
    connect(&source, &PerformanceModel::numbersChanged, this, &RatePlot::refreshNow);
}

void RatePlot::layOut() {
    const auto& rates = source()->rates();
    double most = 0;
    for (const PerformanceModel::Rate& rate : rates)
        most = std::max(most, rate.tokensPerSecond);
    m_peak = roundAxisEnd(1.05 * most);
    const double bottom = height() - pixel(), column = 3 * pixel() * std::max(1.0, std::round(1 / pixel()));
    addBox(0, bottom, width(), height(), colors()->line());
    const QColor ink = colors()->device();
    QColor tint = ink;
    tint.setAlphaF(0.18f);
    double right = snapped(width()), lastY = 0;
    for (auto rate = rates.rbegin(); rate != rates.rend() && right > 0; ++rate) {
        const bool first = rate == rates.rbegin();
        const bool newAnswer = !first && std::prev(rate)->answer != rate->answer;
        if (newAnswer) right -= 2 * column;
        const double y = bottom * (1 - rate->tokensPerSecond / m_peak), left = right - column;
        addBox(left, y, right, bottom, tint);
        addBox(left, y, right, y + 1.5, ink);
        if (!first && !newAnswer) // the step to the column on the right
            addBox(right - pixel(), std::min(y, lastY), right, std::max(y, lastY) + 1.5, ink);
        lastY = y;
        right = left;
    }
}

} // namespace altiplano::app
