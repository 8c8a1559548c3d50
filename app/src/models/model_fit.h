#pragma once

#include "engine/forecast.h"

#include <QObject>
#include <QString>

namespace altiplano::app {

/// How a model would run if it were loaded now, with its settings, in place of the present one.
class ModelFit {
    Q_GADGET
    Q_PROPERTY(bool known READ known)
    Q_PROPERTY(bool tooBig READ tooBig)
    Q_PROPERTY(int layers MEMBER layers)
    Q_PROPERTY(int gpuLayers MEMBER gpuLayers)
    Q_PROPERTY(int contextTokens MEMBER contextTokens)
    Q_PROPERTY(int contextThatFits MEMBER contextThatFits)
    Q_PROPERTY(double needed READ needed)
    Q_PROPERTY(double free READ free)
    Q_PROPERTY(bool hasGpu READ hasGpu)
    Q_PROPERTY(QString reason MEMBER reason)
public:
    enum Kind { Unknown, OnCpu, OnGpu, Split, TooBig };
    Kind kind = Unknown; ///< Unknown: not computed yet, or the file cannot run
    int layers = 0, gpuLayers = 0;
    int contextTokens = 0;
    int contextThatFits = 0; ///< where it is TooBig; 0: none
    engine::DeviceBytes taken, there;
    QString reason; ///< the engine's sentence

    bool known() const { return kind != Unknown; }
    bool tooBig() const { return kind == TooBig; }
    /// Bytes, of the device on which they decide: the GPU where layers run there, else the computer.
    double needed() const { return static_cast<double>(gpuDecides() ? taken.gpu : taken.cpu); }
    double free() const { return static_cast<double>(gpuDecides() ? there.gpu : there.cpu); }
    bool hasGpu() const { return there.gpu > 0; }

    static ModelFit of(const engine::Forecast& forecast, quint32 contextTokens);

private:
    bool gpuDecides() const { return gpuLayers > 0 && (kind != TooBig || taken.gpu > there.gpu); }
};

} // namespace altiplano::app
