#pragma once

#include "settings/system_motion.h"

#include <QObject>
#include <QtQml/qqmlregistration.h>

namespace altiplano::app {

class Settings;

/// How the window is to look: as the settings say, else as the system wants it. Qt 6.4 has no colour scheme
/// hint: dark is read off the palette's window colour. ALTIPLANO_COLOR_SCHEME=dark|light
/// stands in for the system.
class Appearance : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Made by the application")
    Q_PROPERTY(bool dark READ dark NOTIFY changed)
    Q_PROPERTY(bool reducedMotion READ reducedMotion NOTIFY changed)
    Q_PROPERTY(double fontScale READ fontScale NOTIFY changed)
    Q_PROPERTY(QString monospace READ monospace CONSTANT)
    Q_PROPERTY(int caretFlashMs READ caretFlashMs CONSTANT)
public:
    explicit Appearance(const Settings& settings, QObject* parent = nullptr); ///< outlive it

    bool dark() const;
    bool reducedMotion() const;
    double fontScale() const; ///< 1: the usual size
    QString monospace() const;
    int caretFlashMs() const { return m_caretFlashMs; } ///< on and off; 0: steady

signals:
    void changed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    const Settings& m_settings;
    SystemMotion m_motion;
    int m_caretFlashMs = 0;
};

} // namespace altiplano::app
