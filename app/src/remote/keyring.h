#pragma once

#include "key_store.h"

namespace altiplano::app {

/// The system's keyring (Secret Service or KWallet), through QtKeychain. Nothing is asked of it before the
/// first key.
class Keyring : public KeyStore {
    Q_OBJECT
public:
    using KeyStore::KeyStore;

    void read(const QString& id, Answer answer) override;
    void write(const QString& id, const QString& key, Answer answer) override;
    void remove(const QString& id) override;
};

} // namespace altiplano::app
