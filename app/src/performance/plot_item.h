#pragma once

#include "performance_model.h"
#include "phase_colors.h"

#include <QQuickItem>

#include <vector>

namespace altiplano::app {

/// A plot on the scene graph. It is made of rectangles whose edges lie on the screen's pixels: one node of
/// triangles, or one image with Qt Quick's software renderer, which draws no triangles. It follows its source
/// while it is visible, and costs nothing otherwise.
class PlotItem : public QQuickItem {
    Q_OBJECT
    QML_ANONYMOUS
    Q_PROPERTY(altiplano::app::PerformanceModel* source READ source WRITE setSource NOTIFY sourceChanged)
    Q_PROPERTY(altiplano::app::PhaseColors* colors READ colors WRITE setColors NOTIFY colorsChanged)
public:
    struct Box {
        QRectF rect;
        QRgb color;
    };

    explicit PlotItem(QQuickItem* parent = nullptr);

    PerformanceModel* source() const { return m_source; }
    void setSource(PerformanceModel* source);
    PhaseColors* colors() const { return m_colors; }
    void setColors(PhaseColors* colors);

    /// What is drawn now, in the item's coordinates; later boxes cover earlier ones.
    const std::vector<Box>& boxes() const { return m_boxes; }

signals:
    void sourceChanged();
    void colorsChanged();
    void drawn(); ///< the layout is new: numbers on axes may be, too

protected:
    /// Fills the boxes in anew.
    virtual void layOut() = 0;
    /// Connects to what the plot shows; `relay` has the signature of a slot to connect to.
    virtual void follow(PerformanceModel& source);

    void addBox(double left, double top, double right, double bottom, const QColor& color);
    double snapped(double value) const;      ///< to the screen's pixels
    double pixel() const { return m_pixel; } ///< the size of one of them, of the last layout

    void refresh(); ///< lay out and draw with the next frame
    /// Lays out at once, for new data: what follows from it (figures on axes) is then drawn in the same
    /// frame, and not in one more.
    void refreshNow();
    void updatePolish() override;
    void itemChange(ItemChange change, const ItemChangeData& data) override;
    void geometryChange(const QRectF& now, const QRectF& before) override;
    QSGNode* updatePaintNode(QSGNode* node, UpdatePaintNodeData*) override;

private:
    QSGNode* asTriangles(QSGNode* node) const;
    QSGNode* asImage(QSGNode* node) const;

    PerformanceModel* m_source = nullptr;
    PhaseColors* m_colors = nullptr;
    std::vector<Box> m_boxes;
    double m_pixel = 1;
};

} // namespace altiplano::app
