#include "appearance.h"

#include "settings/settings.h"

#include <QEvent>
#include <QFontDatabase>
#include <QFontInfo>
#include <QGuiApplication>
#include <QPalette>
#include <QStyleHints>

#include <algorithm>

namespace altiplano::app {

Appearance::Appearance(const Settings& settings, QObject* parent) : QObject(parent), m_settings(settings) {
    connect(&settings, &Settings::changed, this, [this](const QString& key) {
        if (key.startsWith(QLatin1String("look/"))) emit changed();
    });
    connect(&m_motion, &SystemMotion::changed, this, &Appearance::changed);
    m_caretFlashMs = QGuiApplication::styleHints()->cursorFlashTime();
    // Qt would draw the window twice a second for as long as a text field has the focus. Ours stops when
    // idle.
    QGuiApplication::styleHints()->setCursorFlashTime(0);
    qGuiApp->installEventFilter(this);
}

bool Appearance::eventFilter(QObject* watched, QEvent* event) {
    const bool ours =
        event->type() == QEvent::ApplicationPaletteChange || event->type() == QEvent::ApplicationFontChange;
    if (ours && watched == qGuiApp) emit changed();
    return false;
}

bool Appearance::dark() const {
    const QString chosen = m_settings.value("look/theme").toString();
    if (chosen != QLatin1String("system")) return chosen == QLatin1String("dark");
    const QString asked = qEnvironmentVariable("ALTIPLANO_COLOR_SCHEME");
    if (!asked.isEmpty()) return asked == QLatin1String("dark");
    return QGuiApplication::palette().color(QPalette::Window).lightnessF() < 0.5f;
}

bool Appearance::reducedMotion() const {
    const QString chosen = m_settings.value("look/motion").toString();
    if (chosen != QLatin1String("system")) return chosen == QLatin1String("reduced");
    return m_motion.reduced();
}

double Appearance::fontScale() const {
    // 9 pt (Qt's own default) and 10 pt (most desktops') both mean "as usual".
    constexpr double kSmallestUsual = 12, kUsual = 40.0 / 3; // pixels at 96 dpi
    const double size = QFontInfo(QGuiApplication::font()).pixelSize();
    const double system = size < kSmallestUsual ? size / kSmallestUsual : std::max(1.0, size / kUsual);
    return system * m_settings.value("look/fontPercent").toDouble() / 100;
}

QString Appearance::monospace() const {
    return QFontDatabase::systemFont(QFontDatabase::FixedFont).family();
}

} // namespace altiplano::app
