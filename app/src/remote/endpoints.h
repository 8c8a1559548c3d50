#pragma once

#include "endpoint.h"
#include "key_store.h"

#include <QHash>
#include <QList>
#include <QObject>

namespace altiplano::app {

class Settings;

/// The endpoints that the user has added. Names and addresses are in the settings, keys in the keyring only;
/// where no keyring takes a key, it is kept in memory until the app ends. A key goes to the host that it was
/// given for and no other. GUI thread only; contacts nobody.
class Endpoints : public QObject {
    Q_OBJECT
public:
    enum class KeyPlace { None, Keyring, Session };

    /// Both must outlive this.
    Endpoints(Settings& settings, KeyStore& keys, QObject* parent = nullptr);

    const QList<Endpoint>& all() const { return m_all; }
    const Endpoint* find(const QString& id) const; ///< null: it was removed

    QString add(const QString& name, const QUrl& url); ///< the new one's id
    void change(const QString& id, const QString& name, const QUrl& url);
    void learn(const QString& id, ServerKind server);
    void remove(const QString& id); ///< with its key

    /// Of a model, where its server told it since the start; 0: not known.
    quint32 contextTokens(const RemoteModel& model) const { return m_contexts.value(model.path()); }
    void setContextTokens(const RemoteModel& model, quint32 tokens) {
        m_contexts.insert(model.path(), tokens);
    }

    KeyPlace keyPlace(const QString& id) const;
    void setKey(const QString& id, const QString& key); ///< empty: none any more
    /// Why the keyring did not take the newest key; empty: it did.
    QString keyringProblem() const { return m_keyringProblem; }
    void dismissKeyringProblem();

    /// The key, perhaps from the keyring: answered later, and with a problem where one was expected and is
    /// not to be had.
    void readKey(const QString& id, KeyStore::Answer answer);

signals:
    void changed();

private:
    Endpoint* found(const QString& id);
    void store();

    Settings& m_settings;
    KeyStore& m_keys;
    QList<Endpoint> m_all;
    QHash<QString, QString> m_known;    ///< keys that were typed or read since the start
    QHash<QString, quint32> m_contexts; ///< by RemoteModel::path
    QString m_keyringProblem;
};

} // namespace altiplano::app
