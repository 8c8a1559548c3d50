#include "downloads/catalogue.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

namespace altiplano::app {

QVariantList readCatalogue() {
    QFile file(QStringLiteral(":/Altiplano/catalogue.json"));
    if (!file.open(QIODevice::ReadOnly)) return {};
    return QJsonDocument::fromJson(file.readAll()).array().toVariantList();
}

} // namespace altiplano::app
