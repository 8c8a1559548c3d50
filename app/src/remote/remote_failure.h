#pragma once

#include "endpoint.h"

#include <QByteArray>
#include <QCoreApplication>
#include <QNetworkReply>
#include <QString>

namespace altiplano::app {

/// Why a server gave no answer, or no whole one: a sentence that says what happened and what to do.
struct RemoteFailure {
    Q_DECLARE_TR_FUNCTIONS(RemoteFailure)
public:
    /// What the user has to look at.
    enum Cause { Network, Address, Key, Model, Request, Server };

    Cause cause = Network;
    QString sentence;

    /// The connection failed, or broke before anything came.
    static RemoteFailure connection(QNetworkReply::NetworkError error, const QString& detail,
                                    const Endpoint& endpoint);
    /// The server answered with another status than 200. `model`: the one that was asked; empty: none.
    static RemoteFailure status(const QNetworkReply& reply, const QByteArray& body, const Endpoint& endpoint,
                                const QString& model, bool withKey);
    /// Something answered that is not OpenAI's API.
    static RemoteFailure notTheApi(const QByteArray& contentType, const QByteArray& body,
                                   const Endpoint& endpoint);
    static RemoteFailure noConnectionWithin(int seconds, const Endpoint& endpoint);
    static RemoteFailure noAnswerWithin(int seconds, const Endpoint& endpoint);
    static RemoteFailure stalled(int seconds, const Endpoint& endpoint);
    static RemoteFailure brokeOff(const Endpoint& endpoint);
    static RemoteFailure filtered(const Endpoint& endpoint);
    static RemoteFailure midway(const QString& message, const Endpoint& endpoint);
};

/// What a server says went wrong, out of any of the shapes that are in use, on one line and not too long;
/// empty: it says nothing.
QString serverMessage(const QByteArray& body);

} // namespace altiplano::app
