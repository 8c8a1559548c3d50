#include "settings.h"

#include <QFileInfo>
#include <QStandardPaths>

namespace altiplano::app {

namespace {

const QString kRecent = QStringLiteral("models/recent");
const QString kInUse = QStringLiteral("models/inUse");
const QString kWindowSize = QStringLiteral("window/size");
const QString kSidebar = QStringLiteral("window/sidebar");
const QString kEnterSends = QStringLiteral("composer/enterSends");

} // namespace

Settings::Settings()
    : Settings(QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
               QStringLiteral("/altiplano/settings.ini")) {
    m_dataFolder =
        QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/altiplano");
}

Settings::Settings(const QString& path)
    : m_dataFolder(QFileInfo(path).absolutePath()), m_settings(path, QSettings::IniFormat) {}

QStringList Settings::recentModels() const {
    return m_settings.value(kRecent).toStringList();
}

void Settings::addRecentModel(const QString& path) {
    QStringList recent = recentModels();
    recent.removeAll(path);
    recent.prepend(path);
    m_settings.setValue(kRecent, QStringList(recent.mid(0, kMostRecent)));
}

QString Settings::modelInUse() const {
    return m_settings.value(kInUse).toString();
}

void Settings::setModelInUse(const QString& path) {
    if (path.isEmpty())
        m_settings.remove(kInUse);
    else
        m_settings.setValue(kInUse, path);
    m_settings.sync(); // a crash must find it on disk
}

QSize Settings::windowSize() const {
    return m_settings.value(kWindowSize, QSize(1040, 760)).toSize();
}

void Settings::setWindowSize(const QSize& size) {
    m_settings.setValue(kWindowSize, size);
}

bool Settings::enterSends() const {
    return m_settings.value(kEnterSends, true).toBool();
}

void Settings::setEnterSends(bool sends) {
    m_settings.setValue(kEnterSends, sends);
}

bool Settings::sidebarShown() const {
    return m_settings.value(kSidebar, true).toBool();
}

void Settings::setSidebarShown(bool shown) {
    m_settings.setValue(kSidebar, shown);
}

} // namespace altiplano::app
