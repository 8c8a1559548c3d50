#include "plot_item.h"

#include <QImage>
#include <QQuickWindow>
#include <QSGGeometryNode>
#include <QSGImageNode>
#include <QSGRendererInterface>
#include <QSGVertexColorMaterial>

#include <algorithm>
#include <cmath>

namespace altiplano::app {

namespace {

/// Paints over what is there. QPainter would take several times as long for boxes of a few pixels.
void fill(QImage& image, const QRect& box, QRgb color) {
    const QRect inside = box & image.rect();
    const QRgb ink = qPremultiply(color);
    const int left = 255 - qAlpha(ink); // of what is below
    const auto over = [=](QRgb below) {
        const auto part = [=](int of) { return (of * left + 127) / 255; };
        return qRgba(qRed(ink) + part(qRed(below)), qGreen(ink) + part(qGreen(below)),
                     qBlue(ink) + part(qBlue(below)), qAlpha(ink) + part(qAlpha(below)));
    };
    for (int y = inside.top(); y <= inside.bottom(); ++y) {
        QRgb* line = reinterpret_cast<QRgb*>(image.scanLine(y)) + inside.left();
        if (left == 0)
            std::fill_n(line, inside.width(), ink);
        else
            std::transform(line, line + inside.width(), line, over);
    }
}

} // namespace

PlotItem::PlotItem(QQuickItem* parent) : QQuickItem(parent) {
    setFlag(ItemHasContents);
}

void PlotItem::setSource(PerformanceModel* source) {
    if (source == m_source) return;
    if (m_source) m_source->disconnect(this);
    m_source = source;
    if (m_source) follow(*m_source);
    emit sourceChanged();
    refresh();
}

void PlotItem::setColors(PhaseColors* colors) {
    if (colors == m_colors) return;
    if (m_colors) m_colors->disconnect(this);
    m_colors = colors;
    if (m_colors) connect(m_colors, &PhaseColors::changed, this, &PlotItem::refresh);
    emit colorsChanged();
    refresh();
}

void PlotItem::follow(PerformanceModel& source) {
    connect(&source, &PerformanceModel::stepsChanged, this, &PlotItem::refreshNow);
}

void PlotItem::refresh() {
    if (isVisible()) polish();
}

void PlotItem::refreshNow() {
    if (isVisible()) updatePolish();
}

void PlotItem::updatePolish() {
    m_boxes.clear();
    m_pixel = window() ? 1 / window()->effectiveDevicePixelRatio() : 1;
    if (m_source && m_colors && width() > 0 && height() > 0) layOut();
    emit drawn();
    update();
}

void PlotItem::itemChange(ItemChange change, const ItemChangeData& data) {
    QQuickItem::itemChange(change, data);
    if (change == ItemVisibleHasChanged || change == ItemDevicePixelRatioHasChanged) refresh();
}

void PlotItem::geometryChange(const QRectF& now, const QRectF& before) {
    QQuickItem::geometryChange(now, before);
    if (now.size() != before.size()) refresh();
}

double PlotItem::snapped(double value) const {
    return std::round(value / m_pixel) * m_pixel;
}

void PlotItem::addBox(double left, double top, double right, double bottom, const QColor& color) {
    const QPointF from(snapped(left), snapped(top));
    const QPointF to(snapped(right), snapped(bottom));
    if (to.x() > from.x() && to.y() > from.y()) m_boxes.push_back({QRectF(from, to), color.rgba()});
}

QSGNode* PlotItem::updatePaintNode(QSGNode* node, UpdatePaintNodeData*) {
    if (m_boxes.empty()) {
        delete node;
        return nullptr;
    }
    const bool software = window()->rendererInterface()->graphicsApi() == QSGRendererInterface::Software;
    return software ? asImage(node) : asTriangles(node);
}

QSGNode* PlotItem::asTriangles(QSGNode* node) const {
    auto* shape = static_cast<QSGGeometryNode*>(node);
    if (!shape) {
        shape = new QSGGeometryNode;
        auto* geometry = new QSGGeometry(QSGGeometry::defaultAttributes_ColoredPoint2D(), 0);
        geometry->setDrawingMode(QSGGeometry::DrawTriangles);
        geometry->setVertexDataPattern(QSGGeometry::StreamPattern);
        shape->setGeometry(geometry);
        shape->setMaterial(new QSGVertexColorMaterial);
        shape->setFlags(QSGNode::OwnsGeometry | QSGNode::OwnsMaterial);
    }
    shape->geometry()->allocate(static_cast<int>(6 * m_boxes.size()));
    QSGGeometry::ColoredPoint2D* vertex = shape->geometry()->vertexDataAsColoredPoint2D();
    for (const Box& box : m_boxes) {
        const QRgb color = qPremultiply(box.color);
        const auto corner = [&](const QPointF& at) {
            (vertex++)->set(static_cast<float>(at.x()), static_cast<float>(at.y()),
                            static_cast<uchar>(qRed(color)), static_cast<uchar>(qGreen(color)),
                            static_cast<uchar>(qBlue(color)), static_cast<uchar>(qAlpha(color)));
        };
        for (const QPointF& at : {box.rect.topLeft(), box.rect.topRight(), box.rect.bottomLeft(),
                                  box.rect.topRight(), box.rect.bottomRight(), box.rect.bottomLeft()})
            corner(at);
    }
    shape->markDirty(QSGNode::DirtyGeometry);
    return shape;
}

QSGNode* PlotItem::asImage(QSGNode* node) const {
    auto* picture = static_cast<QSGImageNode*>(node);
    if (!picture) {
        picture = window()->createImageNode();
        picture->setOwnsTexture(true);
    }
    const double scale = 1 / m_pixel;
    QImage image((size() * scale).toSize(), QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    for (const Box& box : m_boxes)
        fill(image, QRectF(box.rect.topLeft() * scale, box.rect.size() * scale).toRect(), box.color);
    picture->setTexture(window()->createTextureFromImage(image));
    picture->setRect(QRectF(QPointF(), QSizeF(image.size()) / scale));
    return picture;
}

} // namespace altiplano::app
