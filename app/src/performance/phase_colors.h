#pragma once

#include "phase.h"

#include <QColor>
#include <QObject>
#include <QtQml/qqmlregistration.h>

namespace altiplano::app {

/// A colour for every phase: shades of its device's colour. Phases that follow one another are two steps of
/// lightness apart or more, so that they can be told apart without seeing hues. Where the CPU is the device,
/// the host's phases are its shades mixed with grey. What a split model leaves to the CPU has the CPU's.
class PhaseColors : public QObject {
    Q_OBJECT
    QML_ELEMENT
    Q_PROPERTY(QColor cpu MEMBER m_cpu NOTIFY changed)
    Q_PROPERTY(QColor gpu MEMBER m_gpu NOTIFY changed)
    Q_PROPERTY(QColor neutral MEMBER m_neutral NOTIFY changed)
    Q_PROPERTY(QColor line MEMBER m_line NOTIFY changed)
    Q_PROPERTY(QColor text MEMBER m_text NOTIFY changed)
    Q_PROPERTY(bool onGpu MEMBER m_onGpu NOTIFY changed)
public:
    using QObject::QObject;

    Q_INVOKABLE QColor phase(int phase) const { return of(static_cast<Phase>(phase)); }
    QColor of(Phase phase) const;
    QColor device() const { return m_onGpu ? m_gpu : m_cpu; }
    QColor cpu() const { return m_cpu; }
    QColor gpu() const { return m_gpu; }
    QColor line() const { return m_line; }
    QColor text() const { return m_text; }
    QColor neutral() const { return m_neutral; }

signals:
    void changed();

private:
    QColor m_cpu{0xd5, 0x5e, 0x00};
    QColor m_gpu{0x00, 0x72, 0xb2};
    QColor m_neutral{0x5f, 0x64, 0x6a}; ///< time that no phase accounts for
    QColor m_line{0xe2, 0xe2, 0xdd};    ///< axes
    QColor m_text{0x1c, 0x1e, 0x20};    ///< marks
    bool m_onGpu = false;
};

/// `color` mixed with black (level -3 to -1) or white (1 to 3).
QColor shade(const QColor& color, int level);

} // namespace altiplano::app
