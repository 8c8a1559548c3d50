#pragma once

#include "plot_item.h"
#include "step_pieces.h"

#include <QVariantList>

#include <cstdint>

namespace altiplano::app {

/// The last tokens along time, the host's thread above and its device (a GPU's stream, or the thread pool)
/// below: a gap is a gap. Follows the newest token until it is zoomed or moved; then it stands still.
class TimelinePlot : public PlotItem {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(double spanNs READ spanNs NOTIFY drawn)
    Q_PROPERTY(bool following READ following NOTIFY drawn)
    Q_PROPERTY(double rulerNs READ rulerNs NOTIFY drawn)
    Q_PROPERTY(double rulerWidth READ rulerWidth NOTIFY drawn)
    Q_PROPERTY(QVariantList labels READ labels NOTIFY labelsChanged)
    Q_PROPERTY(bool detailed READ detailed NOTIFY drawn)
public:
    using PlotItem::PlotItem;

    static constexpr double kShortestNs = 2'000;
    static constexpr int kMostTokens = 128;
    static constexpr int kUsualTokens = 3;

    double spanNs() const { return m_spanNs; } ///< of the visible stretch
    double endNs() const { return m_endNs; }   ///< steady clock
    bool following() const { return m_following; }
    double rulerNs() const { return m_rulerNs; } ///< a round time, and how long it is drawn
    double rulerWidth() const { return m_spanNs > 0 ? m_rulerNs / m_spanNs * width() : 0; }
    bool detailed() const { return m_detailed; } ///< the visible steps tell what the device did when

    /// Names for what is wide enough: {x, width, lane, text, phase}. Only while it stands still.
    QVariantList labels() const { return m_labels; }

    Q_INVOKABLE void zoom(double x, double factor); ///< keeps the time under x where it is
    Q_INVOKABLE void pan(double pixels);            ///< to earlier times
    Q_INVOKABLE void goToNewest();                  ///< the newest tokens again

    /// What is at a place: {title, sentence, ns, wallNs, layer}; empty where nothing is.
    Q_INVOKABLE QVariantMap at(double x, double y) const;

    double xOf(std::int64_t ns) const; ///< steady clock
    double laneTop(StepPiece::Lane lane) const;
    double laneHeight() const;

signals:
    void labelsChanged();

protected:
    void layOut() override;

private:
    /// Calls use(step, piece) for every piece that is visible.
    template <typename Use>
    void forEachPiece(Use use) const;
    void chooseView();

    double m_endNs = 0;
    double m_spanNs = 0;
    double m_rulerNs = 0;
    bool m_following = true;
    bool m_detailed = false;
    QVariantList m_labels;
};

} // namespace altiplano::app
