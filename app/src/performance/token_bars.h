#pragma once

#include "plot_item.h"

namespace altiplano::app {

/// The newest tokens, one bar each, the newest at the right: the phases of each, stacked. Times beyond the
/// axis are cut, with a mark on top.
class TokenBars : public PlotItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(double topNs READ topNs NOTIFY drawn)
    Q_PROPERTY(int tokens READ tokens NOTIFY drawn)
    Q_PROPERTY(int tokensFit READ tokensFit NOTIFY drawn)
public:
    using PlotItem::PlotItem;

    double topNs() const { return m_topNs; } ///< at the upper end of the axis
    int tokens() const { return m_tokens; }  ///< shown
    int tokensFit() const { return m_fit; }  ///< with a bar of at least one pixel each
    double pitch() const { return m_pitch; } ///< from bar to bar

    /// What is at a place: {age, title, sentence, ns, wallNs}; empty where there is no bar.
    Q_INVOKABLE QVariantMap at(double x, double y) const;

protected:
    void layOut() override;

private:
    double chooseTop() const;

    double m_topNs = 0;
    double m_pitch = 1;
    int m_tokens = 0;
    int m_fit = 0;
};

/// The smallest of 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten that is not below `value`.
double roundAxisEnd(double value);

} // namespace altiplano::app
