#pragma once

#include "plot_item.h"

namespace altiplano::app {

/// Tokens per second over time, half a second a column, the newest at the right; a new answer begins
/// after a gap.
class RatePlot : public PlotItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(double peak READ peak NOTIFY drawn)
public:
    using PlotItem::PlotItem;

    double peak() const { return m_peak; } ///< tokens per second at the upper end

protected:
    void layOut() override;
    void follow(PerformanceModel& source) override;

private:
    double m_peak = 0;
};

} // namespace altiplano::app
