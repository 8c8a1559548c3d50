#pragma once

#include <QQuickImageProvider>

namespace altiplano::app {

/// The project's SVG icons in the colour and size at which they are shown: image://icon/NAME/RRGGBB. A
/// drawing says currentColor where that colour goes.
class IconProvider : public QQuickImageProvider {
public:
    IconProvider();
    QPixmap requestPixmap(const QString& id, QSize* size, const QSize& requestedSize) override;
};

/// One icon; a null pixmap where there is none of that name.
QPixmap renderIcon(const QString& name, const QColor& color, const QSize& size);

} // namespace altiplano::app
