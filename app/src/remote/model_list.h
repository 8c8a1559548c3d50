#pragma once

#include "api_client.h"
#include "remote_failure.h"

#include <QList>
#include <QNetworkReply>
#include <QObject>
#include <QPointer>
#include <QTimer>

namespace altiplano::app {

/// A model as a server lists it.
struct ListedModel {
    QString name;
    quint32 contextTokens = 0; ///< 0: the server does not tell
    bool operator==(const ListedModel&) const = default;
};

/// Asks a server for its models, once: ends in listed or failed, never from inside the constructor. Deleting
/// it ends the request.
class ModelList : public QObject {
    Q_OBJECT
public:
    ModelList(ApiClient& client, const Endpoint& endpoint, const QString& key, const RemoteTimes& times,
              QObject* parent);
    ~ModelList() override;

signals:
    void listed(const QList<altiplano::app::ListedModel>& models, altiplano::app::ServerKind server);
    void failed(const altiplano::app::RemoteFailure& failure);

private:
    void onReplyEnded();

    Endpoint m_endpoint;
    bool m_withKey = false;
    QPointer<QNetworkReply> m_reply; ///< null once the client is gone
    QTimer m_patience;
};

} // namespace altiplano::app
