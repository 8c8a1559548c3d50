#pragma once

#include <QString>
#include <QUrl>

#include <optional>

namespace altiplano::app {

/// Which parameters a server takes beyond OpenAI's own; told by the owner that it names in its model list.
enum class ServerKind { Plain, LlamaServer, Vllm };

/// A server that speaks OpenAI's API. Its key is not here: see Endpoints.
struct Endpoint {
    QString id; ///< never changes; names the key in the keyring
    QString name;
    QUrl url; ///< what all paths of the API begin with: https://api.example.com/v1
    ServerKind server = ServerKind::Plain;
    bool keyInKeyring = false;
    bool operator==(const Endpoint&) const = default;
};

/// A model that a server runs, as it stands among the paths of files: "remote:ENDPOINT/NAME".
struct RemoteModel {
    QString endpoint; ///< Endpoint::id
    QString name;     ///< as the server lists it

    QString path() const;
    QString displayName() const; ///< without folders in front and ".gguf" behind
    static std::optional<RemoteModel> fromPath(const QString& path);
};
bool isRemotePath(const QString& path);

/// What a user typed as an address.
struct ReadAddress {
    QUrl url;        ///< complete: with a scheme, and /v1 where no path was given
    QString problem; ///< a sentence; empty: url can be used
};
ReadAddress readAddress(const QString& typed);

QUrl apiUrl(const QUrl& base, const QString& path); ///< "chat/completions" below the base
QString hostLabel(const QUrl& url);                 ///< "api.example.com", "localhost:8080"
bool staysHere(const QUrl& url);                    ///< a program on this computer answers
bool isEncrypted(const QUrl& url);

} // namespace altiplano::app
