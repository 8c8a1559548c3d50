#include "model_list.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace altiplano::app {

namespace {

ServerKind kindOf(const QString& owner) {
    if (owner == QStringLiteral("llamacpp")) return ServerKind::LlamaServer;
    if (owner == QStringLiteral("vllm") || owner == QStringLiteral("sglang")) return ServerKind::Vllm;
    return ServerKind::Plain;
}

ListedModel listedModel(const QJsonObject& model) {
    double context = model.value(QStringLiteral("max_model_len")).toDouble();             // vLLM, SGLang
    if (context <= 0) context = model.value(QStringLiteral("context_length")).toDouble(); // OpenRouter
    if (context <= 0)
        context = model.value(QStringLiteral("meta")).toObject().value(QStringLiteral("n_ctx")).toDouble();
    return {model.value(QStringLiteral("id")).toString(),
            context > 0 && context < 4e9 ? static_cast<quint32>(context) : 0};
}

} // namespace

ModelList::ModelList(ApiClient& client, const Endpoint& endpoint, const QString& key,
                     const RemoteTimes& times, QObject* parent)
    : QObject(parent), m_endpoint(endpoint), m_withKey(!key.isEmpty()),
      m_reply(client.get(endpoint, QStringLiteral("models"), key)) {
    connect(m_reply, &QNetworkReply::finished, this, &ModelList::onReplyEnded, Qt::QueuedConnection);
    m_patience.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, [this, times] {
        m_reply->disconnect(this);
        m_reply->abort();
        emit failed(RemoteFailure::noAnswerWithin(static_cast<int>(times.list.count()), m_endpoint));
    });
    m_patience.start(times.list);
}

ModelList::~ModelList() {
    if (!m_reply) return;
    m_reply->disconnect(this);
    m_reply->abort();
    m_reply->deleteLater();
}

void ModelList::onReplyEnded() {
    m_patience.stop();
    const QByteArray body = m_reply->readAll();
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status == 0 || (status == 200 && m_reply->error() != QNetworkReply::NoError)) {
        emit failed(RemoteFailure::connection(m_reply->error(), m_reply->errorString(), m_endpoint));
        return;
    }
    if (status != 200) {
        emit failed(RemoteFailure::status(*m_reply, body, m_endpoint, {}, m_withKey));
        return;
    }
    const QJsonValue data = QJsonDocument::fromJson(body).object().value(QStringLiteral("data"));
    if (!data.isArray() && !data.isNull()) {
        const QByteArray type = m_reply->header(QNetworkRequest::ContentTypeHeader).toByteArray().toLower();
        emit failed(RemoteFailure::notTheApi(type, body, m_endpoint));
        return;
    }
    QList<ListedModel> models;
    ServerKind server = ServerKind::Plain;
    for (const QJsonValue& entry : data.toArray()) { // Ollama without models says null
        const QJsonObject model = entry.toObject();
        if (server == ServerKind::Plain) server = kindOf(model.value(QStringLiteral("owned_by")).toString());
        const ListedModel one = listedModel(model);
        if (!one.name.isEmpty()) models.append(one);
    }
    emit listed(models, server);
}

} // namespace altiplano::app
