#include "remote_engine.h"

#include "chat_body.h"

#include <QPointer>

namespace altiplano::app {

RemoteEngine::RemoteEngine(Endpoints& endpoints, const RemoteTimes& times, QObject* parent)
    : EnginePort(parent), m_endpoints(endpoints), m_times(times) {}

void RemoteEngine::later(std::function<void()> what) {
    QMetaObject::invokeMethod(this, std::move(what), Qt::QueuedConnection);
}

void RemoteEngine::load(const LoadRequest& request) {
    const auto model = RemoteModel::fromPath(request.path);
    const Endpoint* endpoint = model ? m_endpoints.find(model->endpoint) : nullptr;
    if (!endpoint) {
        const engine::events::Failed failure{
            engine::ErrorCode::BadRequest,
            tr("The endpoint of this model was removed. Choose another model.").toStdString()};
        return later([this, failure] { emit loadFailed(failure); });
    }
    m_model = model;
    ModelInfo info;
    info.path = request.path;
    info.backend = QStringLiteral("remote");
    info.deviceName = hostLabel(endpoint->url);
    info.leavesComputer = !staysHere(endpoint->url);
    info.encrypted = isEncrypted(endpoint->url);
    info.contextTokens = m_endpoints.contextTokens(*model);
    later([this, info] { emit loaded(info); });
}

void RemoteEngine::unload() {
    m_model.reset();
    for (const auto& [id, stream] : m_streams)
        stream->stop();
    later([this] { emit unloaded(); });
}

RequestId RemoteEngine::submit(engine::GenerationRequest request) {
    const RequestId id = ++m_lastId;
    auto* stream = new ChatStream(m_times, this);
    m_streams.emplace(id, stream);
    const auto end = [this, id, stream] {
        m_streams.erase(id);
        stream->deleteLater();
    };
    connect(stream, &ChatStream::updated, this,
            [this, id](const AnswerUpdate& update) { emit answered(id, update); });
    connect(stream, &ChatStream::finished, this, [this, id, end](const engine::events::Finished& result) {
        end();
        emit finished(id, result);
    });
    connect(stream, &ChatStream::keyRefused, this, [this, id] { emit keyRefused(id); });
    connect(stream, &ChatStream::failed, this, [this, id, end](const engine::events::Failed& failure) {
        end();
        emit failed(id, failure);
    });
    if (!m_model) {
        stream->fail({RemoteFailure::Request, tr("No model is loaded.")});
        return id;
    }
    m_endpoints.readKey(m_model->endpoint, [this, stream = QPointer(stream), model = *m_model,
                                            request = std::move(request)](const KeyAnswer& key) {
        if (stream && !stream->isOver()) begin(*stream, request, model, key);
    });
    return id;
}

void RemoteEngine::begin(ChatStream& stream, const engine::GenerationRequest& request,
                         const RemoteModel& model, const KeyAnswer& key) {
    const Endpoint* endpoint = m_endpoints.find(model.endpoint);
    if (!endpoint)
        return stream.fail({RemoteFailure::Address, tr("The endpoint was removed. Choose another model.")});
    if (!key.problem.isEmpty()) return stream.fail({RemoteFailure::Key, key.problem});
    const QByteArray body = chatBody(request, model.name, endpoint->server);
    stream.begin(m_client.post(*endpoint, QStringLiteral("chat/completions"), key.key, body), *endpoint,
                 model.name, !key.key.isEmpty());
}

void RemoteEngine::stop(RequestId id) {
    if (const auto found = m_streams.find(id); found != m_streams.end()) found->second->stop();
}

void RemoteEngine::compare(const ComparisonRequest&) {
    later([this] { emit comparisonEnded(tr("Only a model on this computer can be measured.")); });
}

} // namespace altiplano::app
