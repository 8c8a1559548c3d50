#pragma once

#include <QObject>
#include <QString>

#include <functional>

namespace altiplano::app {

/// What became of a key.
struct KeyAnswer {
    QString key;     ///< as read; empty: there is none
    QString problem; ///< what the store says went wrong; empty: nothing
};

/// Where keys are kept. GUI thread; answers come later than the call, in order.
class KeyStore : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    using Answer = std::function<void(const KeyAnswer&)>;

    virtual void read(const QString& id, Answer answer) = 0;
    virtual void write(const QString& id, const QString& key, Answer answer) = 0;
    virtual void remove(const QString& id) = 0; ///< one that does not exist is no error
};

} // namespace altiplano::app
