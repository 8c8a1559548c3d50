#pragma once

#include "endpoint.h"

#include <QNetworkAccessManager>

#include <chrono>

namespace altiplano::app {

/// How long a server may take.
struct RemoteTimes {
    std::chrono::seconds connect{15};
    std::chrono::seconds list{30};         ///< to list its models
    std::chrono::seconds firstToken{1800}; ///< a long prompt takes a small machine long
    std::chrono::seconds stall{120};       ///< between two pieces of an answer
};

/// Requests to endpoints, with the key as a bearer token. Follows no redirection, so that no key goes
/// elsewhere; sends nothing twice; asks no proxy for what is on this computer.
class ApiClient {
public:
    ApiClient();

    QNetworkReply* get(const Endpoint& endpoint, const QString& path, const QString& key);
    QNetworkReply* post(const Endpoint& endpoint, const QString& path, const QString& key,
                        const QByteArray& body);

private:
    static QNetworkRequest request(const Endpoint& endpoint, const QString& path, const QString& key);

    QNetworkAccessManager m_network;
};

} // namespace altiplano::app
