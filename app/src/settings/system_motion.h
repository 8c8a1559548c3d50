#pragma once

#include <QObject>

class QDBusVariant;

namespace altiplano::app {

/// Whether the desktop asks for less motion: GNOME and others through the portal, as soon as it answers; KDE
/// and GTK by their files. Qt 6.4 does not tell. ALTIPLANO_REDUCED_MOTION=0|1 stands in for the desktop.
class SystemMotion : public QObject {
    Q_OBJECT
public:
    explicit SystemMotion(QObject* parent = nullptr);

    bool reduced() const { return m_reduced; }

signals:
    void changed();

private slots:
    void onPortalChanged(const QString& group, const QString& key, const QDBusVariant& value);

private:
    void askPortal();
    void setReduced(bool reduced);

    bool m_reduced = false;
};

/// What the files of KDE and GTK in a configuration folder say.
bool filesReduceMotion(const QString& configFolder);

} // namespace altiplano::app
