#pragma once

#include "engine_port.h"

#include <optional>

namespace altiplano::app {

/// Two engines as one: what is loaded decides which of them answers. A remote model takes the place of the
/// local one, whose memory is freed, and the other way round.
class SwitchingEngine : public EnginePort {
    Q_OBJECT
public:
    /// Both must outlive this.
    SwitchingEngine(EnginePort& local, EnginePort& remote, QObject* parent = nullptr);

    void load(const LoadRequest& request) override;
    void cancelLoad() override;
    void unload() override;
    RequestId submit(engine::GenerationRequest request) override;
    void stop(RequestId id) override;
    RequestId countTokens(const QString& text) override;
    void setDetailed(bool detailed) override;
    void compare(const ComparisonRequest& request) override;
    void stopComparison() override;

private:
    void relay(EnginePort& from);
    void onLoaded(EnginePort& from, const ModelInfo& info);
    void onUnloaded(EnginePort& from);
    RequestId outer(const EnginePort& engine, RequestId inner) const;

    EnginePort& m_local;
    EnginePort& m_remote;
    EnginePort* m_asked;             ///< for the newest load
    EnginePort* m_active;            ///< it answers
    std::optional<ModelInfo> m_next; ///< loaded, and told of as soon as the other engine has let go
};

} // namespace altiplano::app
