#include "settings/system_motion.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QSettings>
#include <QStandardPaths>

namespace altiplano::app {

namespace {

const QString kService = QStringLiteral("org.freedesktop.portal.Desktop");
const QString kPath = QStringLiteral("/org/freedesktop/portal/desktop");
const QString kInterface = QStringLiteral("org.freedesktop.portal.Settings");
const QString kGroup = QStringLiteral("org.gnome.desktop.interface");
const QString kKey = QStringLiteral("enable-animations");

} // namespace

bool filesReduceMotion(const QString& configFolder) {
    const QSettings kde(configFolder + QStringLiteral("/kdeglobals"), QSettings::IniFormat);
    if (const QVariant factor = kde.value(QStringLiteral("KDE/AnimationDurationFactor")); factor.isValid())
        return factor.toDouble() == 0;
    for (const char* version : {"4", "3"}) {
        const QSettings gtk(
            QStringLiteral("%1/gtk-%2.0/settings.ini").arg(configFolder, QLatin1String(version)),
            QSettings::IniFormat);
        const QVariant enabled = gtk.value(QStringLiteral("Settings/gtk-enable-animations"));
        if (enabled.isValid()) return !enabled.toBool();
    }
    return false;
}

SystemMotion::SystemMotion(QObject* parent) : QObject(parent) {
    const QString asked = qEnvironmentVariable("ALTIPLANO_REDUCED_MOTION");
    if (!asked.isEmpty()) {
        m_reduced = asked != QLatin1String("0");
        return;
    }
    m_reduced = filesReduceMotion(QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation));
    if (!qEnvironmentVariableIsEmpty("DBUS_SESSION_BUS_ADDRESS")) askPortal();
}

void SystemMotion::askPortal() {
    QDBusConnection bus = QDBusConnection::sessionBus();
    QDBusMessage question =
        QDBusMessage::createMethodCall(kService, kPath, kInterface, QStringLiteral("Read"));
    question << kGroup << kKey;
    auto* answer = new QDBusPendingCallWatcher(bus.asyncCall(question), this);
    connect(answer, &QDBusPendingCallWatcher::finished, this, [this, answer] {
        const QDBusPendingReply<QDBusVariant> reply = *answer;
        if (reply.isValid()) onPortalChanged(kGroup, kKey, reply.value());
        answer->deleteLater();
    });
    bus.connect(kService, kPath, kInterface, QStringLiteral("SettingChanged"), this,
                SLOT(onPortalChanged(QString, QString, QDBusVariant)));
}

/// Read wraps the value in two variants, the signal in one.
void SystemMotion::onPortalChanged(const QString& group, const QString& key, const QDBusVariant& value) {
    if (group != kGroup || key != kKey) return;
    QVariant inner = value.variant();
    if (inner.canConvert<QDBusVariant>()) inner = inner.value<QDBusVariant>().variant();
    if (inner.canConvert<bool>()) setReduced(!inner.toBool());
}

void SystemMotion::setReduced(bool reduced) {
    if (reduced == m_reduced) return;
    m_reduced = reduced;
    emit changed();
}

} // namespace altiplano::app
