#include "models/model_fit.h"

namespace altiplano::app {

ModelFit ModelFit::of(const engine::Forecast& forecast, quint32 contextTokens) {
    const engine::Placement& placement = forecast.placement;
    ModelFit fit;
    fit.kind = !forecast.fits                            ? TooBig
               : placement.gpuLayers == 0                ? OnCpu
               : placement.gpuLayers == placement.layers ? OnGpu
                                                         : Split;
    fit.layers = static_cast<int>(placement.layers);
    fit.gpuLayers = static_cast<int>(placement.gpuLayers);
    fit.contextTokens = static_cast<int>(contextTokens);
    fit.contextThatFits = static_cast<int>(forecast.contextThatFits);
    fit.taken = {forecast.onCpu.total(), forecast.onGpu.total()};
    fit.there = forecast.free;
    fit.reason = QString::fromStdString(placement.reason);
    return fit;
}

} // namespace altiplano::app
