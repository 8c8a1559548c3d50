#pragma once

#include "api_client.h"
#include "endpoints.h"
#include "model_list.h"

#include <QObject>
#include <QPointer>
#include <QStringList>
#include <QtQml/qqmlregistration.h>

namespace altiplano::app {

/// What the user types about an endpoint, new or known, until it is saved. GUI thread only.
class EndpointForm : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Made by the application")
    Q_PROPERTY(bool isNew READ isNew NOTIFY changed)
    Q_PROPERTY(QString name MEMBER m_name NOTIFY changed)
    Q_PROPERTY(QString address READ address WRITE setAddress NOTIFY changed)
    Q_PROPERTY(QString key READ key WRITE setKey NOTIFY changed)
    Q_PROPERTY(QString keyNote READ keyNote NOTIFY changed)
    Q_PROPERTY(QString warning READ warning NOTIFY changed)
    Q_PROPERTY(QString problem READ problem NOTIFY changed)
    Q_PROPERTY(bool testing READ testing NOTIFY changed)
    Q_PROPERTY(bool tested READ tested NOTIFY changed)
    Q_PROPERTY(QStringList models READ models NOTIFY changed)
public:
    EndpointForm(Endpoints& endpoints, const RemoteTimes& times = {}, QObject* parent = nullptr);

    Q_INVOKABLE void begin(const QString& endpoint); ///< fills in what is known; empty: a new one
    Q_INVOKABLE void test();                         ///< asks the typed address for its models
    Q_INVOKABLE QString save();                      ///< the endpoint's id; empty: see problem
    Q_INVOKABLE void removeEndpoint();
    Q_INVOKABLE void removeKey();
    Q_INVOKABLE void end(); ///< forgets what was typed, and a test under way

    bool isNew() const { return m_id.isEmpty(); }
    QString address() const { return m_address; }
    void setAddress(const QString& address);
    QString key() const { return m_key; }
    void setKey(const QString& key);
    QString keyNote() const; ///< where the key is, or would be, kept
    QString warning() const; ///< what is to be known about this address; empty: nothing
    QString problem() const { return m_problem; }
    bool testing() const { return m_testing; }
    bool tested() const { return m_tested; } ///< and it answered
    QStringList models() const { return m_models; }

signals:
    void changed();

private:
    void ask(const Endpoint& typed, const QString& key);
    void forgetTest();
    void setProblem(const QString& sentence);

    Endpoints& m_endpoints;
    RemoteTimes m_times;
    ApiClient m_client;
    QString m_id, m_name, m_address, m_key, m_problem;
    QPointer<ModelList> m_list; ///< child of this
    int m_round = 0;            ///< counts tests: an older one's key may come late
    bool m_testing = false, m_tested = false;
    QStringList m_models;
    ServerKind m_server = ServerKind::Plain;
};

} // namespace altiplano::app
