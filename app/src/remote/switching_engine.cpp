#include "switching_engine.h"

#include "endpoint.h"

#include <utility>

namespace altiplano::app {

SwitchingEngine::SwitchingEngine(EnginePort& local, EnginePort& remote, QObject* parent)
    : EnginePort(parent), m_local(local), m_remote(remote), m_asked(&local), m_active(&local) {
    relay(local);
    relay(remote);
}

/// The engines' own ids, kept apart.
RequestId SwitchingEngine::outer(const EnginePort& engine, RequestId inner) const {
    return inner == 0 ? 0 : 2 * inner + (&engine == &m_remote ? 1 : 0);
}

void SwitchingEngine::relay(EnginePort& from) {
    const auto id = [this, &from](RequestId inner) { return outer(from, inner); };
    connect(&from, &EnginePort::loadProgressed, this, [this, &from](quint64 done, quint64 total) {
        if (&from == m_asked) emit loadProgressed(done, total);
    });
    connect(&from, &EnginePort::loaded, this, [this, &from](const ModelInfo& info) { onLoaded(from, info); });
    connect(&from, &EnginePort::loadFailed, this, [this, &from](const engine::events::Failed& failure) {
        if (&from == m_asked) emit loadFailed(failure);
    });
    connect(&from, &EnginePort::unloaded, this, [this, &from] { onUnloaded(from); });
    connect(&from, &EnginePort::comparisonProgressed, this, &EnginePort::comparisonProgressed);
    connect(&from, &EnginePort::measured, this, &EnginePort::measured);
    connect(&from, &EnginePort::comparisonEnded, this, &EnginePort::comparisonEnded);
    connect(&from, &EnginePort::answered, this,
            [this, id](RequestId inner, const AnswerUpdate& update) { emit answered(id(inner), update); });
    connect(
        &from, &EnginePort::dropped, this,
        [this, id](RequestId inner, const engine::events::Dropped& what) { emit dropped(id(inner), what); });
    connect(&from, &EnginePort::counted, this,
            [this, id](RequestId inner, quint32 tokens) { emit counted(id(inner), tokens); });
    connect(&from, &EnginePort::finished, this,
            [this, id](RequestId inner, const engine::events::Finished& result) {
                emit finished(id(inner), result);
            });
    connect(&from, &EnginePort::keyRefused, this,
            [this, id](RequestId inner) { emit keyRefused(id(inner)); });
    connect(&from, &EnginePort::failed, this,
            [this, id](RequestId inner, const engine::events::Failed& failure) {
                emit failed(id(inner), failure);
            });
}

void SwitchingEngine::load(const LoadRequest& request) {
    m_asked = isRemotePath(request.path) ? &m_remote : &m_local;
    m_asked->load(request);
}

/// The other engine lets go only now: what it has stays, should the load fail.
void SwitchingEngine::onLoaded(EnginePort& from, const ModelInfo& info) {
    if (&from != m_asked) return; // it is being unloaded
    EnginePort* before = std::exchange(m_active, &from);
    if (before == &from && !m_next) {
        emit loaded(info);
        return;
    }
    m_next = info;
    if (before == &from) return;
    before->cancelLoad();
    before->unload();
}

void SwitchingEngine::onUnloaded(EnginePort& from) {
    if (&from != m_active && !m_next) return;
    emit unloaded();
    if (&from != m_active) emit loaded(*std::exchange(m_next, {}));
}

void SwitchingEngine::cancelLoad() {
    m_asked->cancelLoad();
}

void SwitchingEngine::unload() {
    if (m_asked != m_active) m_asked->cancelLoad();
    m_active->unload();
}

RequestId SwitchingEngine::submit(engine::GenerationRequest request) {
    return outer(*m_active, m_active->submit(std::move(request)));
}

void SwitchingEngine::stop(RequestId id) {
    (id % 2 ? m_remote : m_local).stop(id / 2);
}

RequestId SwitchingEngine::countTokens(const QString& text) {
    return outer(*m_active, m_active->countTokens(text));
}

void SwitchingEngine::setDetailed(bool detailed) {
    m_local.setDetailed(detailed);
    m_remote.setDetailed(detailed);
}

void SwitchingEngine::compare(const ComparisonRequest& request) {
    m_active->compare(request);
}

void SwitchingEngine::stopComparison() {
    m_local.stopComparison();
    m_remote.stopComparison();
}

} // namespace altiplano::app
