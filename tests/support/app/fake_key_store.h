#pragma once

#include "remote/key_store.h"

#include <QMap>
#include <QTimer>

namespace altiplano::app {

/// A keyring in memory that can be locked or absent.
class FakeKeyStore : public KeyStore {
    Q_OBJECT
public:
    QMap<QString, QString> keys;
    QString problem; ///< what each call ends with; empty: it works
    int calls = 0;

    void read(const QString& id, Answer answer) override {
        ++calls;
        later([this, id, answer] { answer({problem.isEmpty() ? keys.value(id) : QString(), problem}); });
    }
    void write(const QString& id, const QString& key, Answer answer) override {
        ++calls;
        later([this, id, key, answer] {
            if (problem.isEmpty()) keys[id] = key;
            answer({{}, problem});
        });
    }
    void remove(const QString& id) override {
        ++calls;
        later([this, id] { keys.remove(id); });
    }

private:
    void later(std::function<void()> what) { QTimer::singleShot(1, this, std::move(what)); }
};

} // namespace altiplano::app
