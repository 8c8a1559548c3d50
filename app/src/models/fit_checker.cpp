#include "models/fit_checker.h"

#include "engine_options.h"

#include "engine/gguf_file.h"

#include <algorithm>
#include <fstream>

namespace altiplano::app {

namespace {

/// Memory of this process that is no file's.
quint64 residentBytes() {
    std::ifstream status("/proc/self/status");
    std::string word;
    while (status >> word)
        if (quint64 kilobytes = 0; word == "RssAnon:" && status >> kilobytes) return kilobytes * 1024;
    return 0;
}

ModelFit fitOf(engine::Forecaster& forecaster, const LoadRequest& request, const engine::DeviceBytes& held) {
    try {
        const auto file = engine::GgufFile::open(std::filesystem::path(request.path.toStdString()));
        const engine::LoadOptions options = loadOptions(request, file);
        return ModelFit::of(forecaster.forecast(file, options, held), options.runWith.contextTokens);
    } catch (const std::exception&) { // the card says what is wrong with the file
        return {};
    }
}

} // namespace

engine::DeviceBytes heldBy(const ModelInfo& info) {
    const quint64 all = info.weightBytes + info.kvBytes + info.workspaceBytes;
    return {std::min(all - std::min(all, info.gpuBytes), residentBytes()), info.gpuBytes};
}

FitChecker::FitChecker(engine::Forecaster::Machine machine, QObject* parent)
    : QObject(parent), m_forecaster(std::move(machine)) {}

void FitChecker::setHeld(const engine::DeviceBytes& held) {
    m_held = held;
    ++m_round;
}

void FitChecker::check(const LoadRequest& request) {
    m_thread.post([this, request, held = m_held, round = m_round.load()](const std::stop_token& quit) {
        if (round != m_round || quit.stop_requested()) return;
        const ModelFit fit = fitOf(m_forecaster, request, held);
        QMetaObject::invokeMethod(
            this,
            [this, path = request.path, fit, round] {
                if (round == m_round) emit checked(path, fit);
            },
            Qt::QueuedConnection);
    });
}

} // namespace altiplano::app
