#include "exporter.h"

#include "performance_tables.h"

#include <QImage>
#include <QPainter>
#include <QSaveFile>

namespace altiplano::app {

namespace {

constexpr int kReadableRows = 32; ///< nobody reads more of them; all are in what is saved

} // namespace

DataTable Exporter::table(Table which) const {
    switch (which) {
    case Phases:
        return phaseTable(m_performance);
    case Tokens:
        return tokenTable(m_performance);
    case Timeline:
        return timelineTable(m_performance);
    case Rates:
        return rateTable(m_performance);
    case Memory:
        return memoryTable(m_performance);
    case Roof:
        return roofTable(m_performance);
    case Results:
        return m_comparison.table();
    }
    return {};
}

DataTable Exporter::readable(Table which) const {
    const DataTable whole = table(which);
    return which == Tokens || which == Rates ? whole.newest(kReadableRows) : whole.first(2 * kReadableRows);
}

DataTable Exporter::layers(int phase) const {
    return layerTable(m_performance.steps(), static_cast<Phase>(phase));
}

QString Exporter::trace() const {
    return QString::fromUtf8(chromeTrace(m_performance.steps(), QStringLiteral("Altiplano"),
                                         m_performance.onGpu() ? tr("GPU") : tr("thread pool")));
}

bool Exporter::saveText(const QUrl& file, const QString& text) {
    QSaveFile out(file.toLocalFile());
    return out.open(QIODevice::WriteOnly) && out.write(text.toUtf8()) >= 0 && out.commit();
}

bool Exporter::savePicture(const QUrl& file, const QVariant& picture, const QColor& background) {
    const auto content = picture.value<QImage>();
    if (content.isNull()) return false;
    constexpr int kMargin = 32;
    QImage page(content.size() + QSize(2 * kMargin, 2 * kMargin), QImage::Format_RGB32);
    page.fill(background);
    QPainter(&page).drawImage(kMargin, kMargin, content);
    QSaveFile out(file.toLocalFile());
    return out.open(QIODevice::WriteOnly) && page.save(&out, "PNG") && out.commit();
}

} // namespace altiplano::app
