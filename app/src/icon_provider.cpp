#include "icon_provider.h"

#include <QFile>
#include <QPainter>
#include <QSvgRenderer>

namespace altiplano::app {

IconProvider::IconProvider() : QQuickImageProvider(Pixmap) {}

QPixmap IconProvider::requestPixmap(const QString& id, QSize* size, const QSize& requestedSize) {
    const qsizetype slash = id.indexOf(u'/');
    const QSize wanted = requestedSize.isValid() ? requestedSize : QSize(20, 20);
    const QPixmap icon = renderIcon(id.left(slash), QColor(u'#' + id.mid(slash + 1)), wanted);
    if (size) *size = icon.size();
    return icon;
}

QPixmap renderIcon(const QString& name, const QColor& color, const QSize& size) {
    QFile file(QStringLiteral(":/Altiplano/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly)) return {};
    QSvgRenderer drawing(file.readAll().replace("currentColor", color.name().toLatin1()));
    QPixmap icon(size);
    icon.fill(Qt::transparent);
    QPainter painter(&icon);
    drawing.render(&painter);
    return icon;
}

} // namespace altiplano::app
