#include "endpoints.h"

#include "settings/settings.h"

#include <QTimer>
#include <QUuid>

#include <algorithm>

namespace altiplano::app {

Endpoints::Endpoints(Settings& settings, KeyStore& keys, QObject* parent)
    : QObject(parent), m_settings(settings), m_keys(keys), m_all(settings.endpoints()) {}

Endpoint* Endpoints::found(const QString& id) {
    const auto at = std::find_if(m_all.begin(), m_all.end(), [&](const Endpoint& e) { return e.id == id; });
    return at == m_all.end() ? nullptr : &*at;
}

const Endpoint* Endpoints::find(const QString& id) const {
    return const_cast<Endpoints*>(this)->found(id);
}

void Endpoints::store() {
    m_settings.setEndpoints(m_all);
    emit changed();
}

QString Endpoints::add(const QString& name, const QUrl& url) {
    Endpoint endpoint;
    endpoint.id = QUuid::createUuid().toString(QUuid::Id128);
    endpoint.name = name;
    endpoint.url = url;
    m_all.append(endpoint);
    store();
    return endpoint.id;
}

void Endpoints::change(const QString& id, const QString& name, const QUrl& url) {
    Endpoint* endpoint = found(id);
    if (!endpoint) return;
    const bool sameHost = endpoint->url.host() == url.host();
    const bool bared = isEncrypted(endpoint->url) && !isEncrypted(url);
    if (!sameHost || bared) setKey(id, {});
    endpoint->name = name;
    endpoint->url = url;
    store();
}

void Endpoints::learn(const QString& id, ServerKind server) {
    Endpoint* endpoint = found(id);
    if (!endpoint || endpoint->server == server) return;
    endpoint->server = server;
    store();
}

void Endpoints::remove(const QString& id) {
    setKey(id, {});
    m_all.removeIf([&](const Endpoint& endpoint) { return endpoint.id == id; });
    store();
}

Endpoints::KeyPlace Endpoints::keyPlace(const QString& id) const {
    const Endpoint* endpoint = find(id);
    if (endpoint && endpoint->keyInKeyring) return KeyPlace::Keyring;
    return m_known.contains(id) ? KeyPlace::Session : KeyPlace::None;
}

void Endpoints::setKey(const QString& id, const QString& key) {
    Endpoint* endpoint = found(id);
    if (!endpoint) return;
    if (keyPlace(id) != KeyPlace::None) m_keys.remove(id); // or it is on its way there
    endpoint->keyInKeyring = false;
    m_known.remove(id);
    m_keyringProblem.clear();
    if (!key.isEmpty()) {
        m_known.insert(id, key);
        m_keys.write(id, key, [this, id, key](const KeyAnswer& answer) {
            if (m_known.value(id) != key) return; // another was set since
            m_keyringProblem = answer.problem;
            if (Endpoint* kept = found(id)) kept->keyInKeyring = answer.problem.isEmpty();
            store();
        });
    }
    store();
}

void Endpoints::dismissKeyringProblem() {
    m_keyringProblem.clear();
    emit changed();
}

void Endpoints::readKey(const QString& id, KeyStore::Answer answer) {
    if (keyPlace(id) != KeyPlace::Keyring || m_known.contains(id)) {
        QTimer::singleShot(0, this, [key = m_known.value(id), answer = std::move(answer)] {
            answer({key, {}});
        });
        return;
    }
    m_keys.read(id, [this, id, answer = std::move(answer)](const KeyAnswer& read) {
        if (!read.key.isEmpty()) m_known.insert(id, read.key);
        if (!read.problem.isEmpty())
            answer({{},
                    tr("The keyring does not give the key: %1. Unlock it, or enter the key again.")
                        .arg(read.problem)});
        else if (read.key.isEmpty())
            answer({{}, tr("The key is no longer in the keyring. Enter it again.")});
        else
            answer(read);
    });
}

} // namespace altiplano::app
