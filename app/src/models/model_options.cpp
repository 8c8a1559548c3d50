#include "models/model_options.h"

#include <algorithm>

namespace altiplano::app {

void ModelOptions::setPath(const QString& path) {
    m_path = path;
    emit changed();
}

void ModelOptions::store(const std::optional<ModelSettings>& settings) {
    m_settings.setModelSettings(m_path, settings);
    emit changed();
    emit stored(m_path);
}

template <typename Change>
void ModelOptions::change(Change change) {
    ModelSettings settings{request().contextTokens, request().settings};
    const ModelSettings before = settings;
    change(settings);
    if (settings != before) store(settings);
}

void ModelOptions::setContextTokens(int tokens) {
    change([&](ModelSettings& s) { s.contextTokens = static_cast<quint32>(std::max(256, tokens)); });
}

void ModelOptions::setThreads(int threads) {
    change([&](ModelSettings& s) { s.engine.threads = static_cast<quint32>(std::max(0, threads)); });
}

void ModelOptions::setGpuLayers(int layers) {
    change([&](ModelSettings& s) { s.engine.gpuLayers = std::max(-1, layers); });
}

void ModelOptions::setKvQ8(bool on) {
    change([&](ModelSettings& s) { s.engine.kvQ8 = on; });
}

void ModelOptions::reset() {
    if (own()) store({});
}

} // namespace altiplano::app
