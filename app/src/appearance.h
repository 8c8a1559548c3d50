#pragma once

#include <QObject>
#include <QtQml/qqmlregistration.h>

namespace altiplano::app {

/// How the system wants windows to look. Qt 6.4 has no colour scheme hint: dark is read off the palette's
/// window colour. ALTIPLANO_COLOR_SCHEME=dark|light and ALTIPLANO_REDUCED_MOTION=0|1 overrule the system.
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
    explicit Appearance(QObject* parent = nullptr);

    bool dark() const;
    bool reducedMotion() const;
    double fontScale() const; ///< of the system's font size, 1: usual
    QString monospace() const;
    int caretFlashMs() const { return m_caretFlashMs; } ///< on and off; 0: steady

signals:
    void changed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    int m_caretFlashMs = 0;
};

} // namespace altiplano::app
