#pragma once

#include "api_client.h"
#include "chat_stream.h"
#include "endpoints.h"
#include "engine_port.h"

#include <unordered_map>

namespace altiplano::app {

/// Answers of models that run elsewhere, over OpenAI's API. Loading one contacts nobody: the first request
/// does. Tokens are not counted here, and no steps are told: what the server does not tell is not known.
class RemoteEngine : public EnginePort {
    Q_OBJECT
public:
    /// `endpoints` must outlive this.
    explicit RemoteEngine(Endpoints& endpoints, const RemoteTimes& times = {}, QObject* parent = nullptr);

    void load(const LoadRequest& request) override; ///< its path is a RemoteModel's
    void cancelLoad() override {}
    void unload() override;
    RequestId submit(engine::GenerationRequest request) override;
    void stop(RequestId id) override;
    void setDetailed(bool) override {}
    void compare(const ComparisonRequest& request) override; ///< ends with a sentence: nothing is measured
    void stopComparison() override {}

private:
    void later(std::function<void()> what);
    void begin(ChatStream& stream, const engine::GenerationRequest& request, const RemoteModel& model,
               const KeyAnswer& key);

    Endpoints& m_endpoints;
    RemoteTimes m_times;
    ApiClient m_client;
    std::optional<RemoteModel> m_model; ///< loaded
    RequestId m_lastId = 0;
    std::unordered_map<RequestId, ChatStream*> m_streams; ///< children of this
};

} // namespace altiplano::app
