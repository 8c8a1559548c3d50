#include "endpoint_form.h"

namespace altiplano::app {

EndpointForm::EndpointForm(Endpoints& endpoints, const RemoteTimes& times, QObject* parent)
    : QObject(parent), m_endpoints(endpoints), m_times(times) {
    connect(&endpoints, &Endpoints::changed, this, &EndpointForm::changed);
}

void EndpointForm::begin(const QString& endpoint) {
    end();
    if (const Endpoint* known = m_endpoints.find(endpoint)) {
        m_id = known->id;
        m_name = known->name;
        m_address = known->url.toDisplayString();
    }
    emit changed();
}

void EndpointForm::end() {
    forgetTest();
    m_id.clear();
    m_name.clear();
    m_address.clear();
    m_key.clear();
    emit changed();
}

void EndpointForm::setAddress(const QString& address) {
    if (address == m_address) return;
    m_address = address;
    forgetTest();
    emit changed();
}

void EndpointForm::setKey(const QString& key) {
    if (key == m_key) return;
    m_key = key;
    forgetTest();
    emit changed();
}

void EndpointForm::forgetTest() {
    ++m_round;
    delete m_list;
    m_testing = m_tested = false;
    m_models.clear();
    m_problem.clear();
    m_server = ServerKind::Plain;
}

void EndpointForm::setProblem(const QString& sentence) {
    m_testing = false;
    m_problem = sentence;
    emit changed();
}

void EndpointForm::test() {
    forgetTest();
    const ReadAddress read = readAddress(m_address);
    if (!read.problem.isEmpty()) return setProblem(read.problem);
    m_testing = true;
    emit changed();
    const Endpoint* known = m_endpoints.find(m_id);
    Endpoint typed;
    typed.url = read.url;
    if (!m_key.isEmpty() || !known || known->url.host() != read.url.host())
        return ask(typed, m_key.trimmed());
    m_endpoints.readKey(m_id, [this, self = QPointer(this), typed, round = m_round](const KeyAnswer& key) {
        if (!self || round != m_round) return;
        if (!key.problem.isEmpty()) return setProblem(key.problem);
        ask(typed, key.key);
    });
}

void EndpointForm::ask(const Endpoint& typed, const QString& key) {
    m_list = new ModelList(m_client, typed, key, m_times, this);
    connect(m_list, &ModelList::failed, this, [this](const RemoteFailure& failure) {
        m_list->deleteLater();
        setProblem(failure.sentence);
    });
    connect(m_list, &ModelList::listed, this, [this](const QList<ListedModel>& models, ServerKind server) {
        m_list->deleteLater();
        m_testing = false;
        m_tested = true;
        m_server = server;
        for (const ListedModel& model : models)
            m_models << model.name;
        emit changed();
    });
}

QString EndpointForm::save() {
    const ReadAddress read = readAddress(m_address);
    if (!read.problem.isEmpty()) {
        setProblem(read.problem);
        return {};
    }
    const QString name = m_name.trimmed().isEmpty() ? hostLabel(read.url) : m_name.trimmed();
    if (isNew())
        m_id = m_endpoints.add(name, read.url);
    else
        m_endpoints.change(m_id, name, read.url);
    if (m_tested) m_endpoints.learn(m_id, m_server);
    if (!m_key.trimmed().isEmpty()) m_endpoints.setKey(m_id, m_key.trimmed());
    const QString id = m_id;
    end();
    return id;
}

void EndpointForm::removeEndpoint() {
    m_endpoints.remove(m_id);
    end();
}

void EndpointForm::removeKey() {
    m_endpoints.setKey(m_id, {});
}

QString EndpointForm::keyNote() const {
    if (!m_key.isEmpty() || isNew()) return tr("Kept in the system's keyring, never in a file.");
    switch (m_endpoints.keyPlace(m_id)) {
    case Endpoints::KeyPlace::Keyring:
        return tr("A key is in the system's keyring. Leave this empty to keep it.");
    case Endpoints::KeyPlace::Session:
        return tr("A key is kept until Altiplano is closed. Leave this empty to keep it.");
    default:
        return tr("No key is kept for this endpoint.");
    }
}

QString EndpointForm::warning() const {
    const ReadAddress read = readAddress(m_address);
    if (!read.problem.isEmpty() || staysHere(read.url) || isEncrypted(read.url)) return {};
    return tr(
        "http:// is not encrypted: others in the network can read what you write, the answers and the key. "
        "Use https:// where the server has it.");
}

} // namespace altiplano::app
