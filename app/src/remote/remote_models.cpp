#include "remote_models.h"

#include <algorithm>

namespace altiplano::app {

RemoteModels::RemoteModels(Endpoints& endpoints, const RemoteTimes& times, QObject* parent)
    : QAbstractListModel(parent), m_endpoints(endpoints), m_times(times) {
    connect(&endpoints, &Endpoints::changed, this, &RemoteModels::onEndpointsChanged);
    onEndpointsChanged();
}

int RemoteModels::rowOf(const QString& endpoint) const {
    const auto at = std::find_if(m_rows.begin(), m_rows.end(), [&](const Row& row) {
        return row.kind == EndpointRow && row.endpoint == endpoint;
    });
    return at == m_rows.end() ? -1 : static_cast<int>(at - m_rows.begin());
}

/// The last row that belongs to the endpoint in this row.
int RemoteModels::lastBelow(int row) const {
    while (row + 1 < count() && m_rows[static_cast<std::size_t>(row) + 1].kind != EndpointRow)
        ++row;
    return row;
}

void RemoteModels::onEndpointsChanged() {
    for (int row = count(); row-- > 0;)
        if (m_rows[static_cast<std::size_t>(row)].kind == EndpointRow &&
            !m_endpoints.find(m_rows[static_cast<std::size_t>(row)].endpoint)) {
            const int last = lastBelow(row);
            beginRemoveRows({}, row, last);
            m_rows.erase(m_rows.begin() + row, m_rows.begin() + last + 1);
            endRemoveRows();
        }
    for (const Endpoint& endpoint : m_endpoints.all()) {
        if (rowOf(endpoint.id) >= 0) continue;
        beginInsertRows({}, count(), count());
        m_rows.push_back({EndpointRow, endpoint.id, {}});
        endInsertRows();
    }
    if (count() > 0) emit dataChanged(index(0), index(count() - 1));
    emit countChanged();
}

void RemoteModels::show(const QString& endpoint, const std::vector<Row>& below) {
    const int row = rowOf(endpoint);
    if (row < 0) return;
    const int first = row + 1, last = lastBelow(row), added = static_cast<int>(below.size());
    if (last >= first) {
        beginRemoveRows({}, first, last);
        m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
        endRemoveRows();
    }
    if (added > 0) {
        beginInsertRows({}, first, row + added);
        m_rows.insert(m_rows.begin() + first, below.begin(), below.end());
        endInsertRows();
    }
    emit dataChanged(index(row), index(row));
    emit countChanged();
}

void RemoteModels::showNote(const QString& endpoint, const QString& sentence, bool canEdit) {
    std::vector<Row> rows{{NoteRow, endpoint, sentence}};
    if (canEdit) rows.push_back({EditRow, endpoint, {}});
    show(endpoint, rows);
}

void RemoteModels::toggle(const QString& endpoint) {
    const int row = rowOf(endpoint);
    if (row < 0 || lastBelow(row) == row) return open(endpoint);
    delete m_lists.take(endpoint);
    show(endpoint, {});
}

void RemoteModels::closeAll() {
    for (const Endpoint& endpoint : m_endpoints.all()) {
        delete m_lists.take(endpoint.id);
        show(endpoint.id, {});
    }
}

void RemoteModels::open(const QString& endpoint) {
    const Endpoint* known = m_endpoints.find(endpoint);
    if (!known) return;
    delete m_lists.take(endpoint);
    showNote(endpoint, tr("Asking %1…").arg(hostLabel(known->url)), false);
    m_endpoints.readKey(endpoint, [this, endpoint, self = QPointer(this)](const KeyAnswer& key) {
        const int row = self ? rowOf(endpoint) : -1;
        if (row >= 0 && lastBelow(row) > row) ask(endpoint, key); // it is open still
    });
}

void RemoteModels::ask(const QString& endpoint, const KeyAnswer& key) {
    if (!key.problem.isEmpty()) return showNote(endpoint, key.problem);
    auto* list = new ModelList(m_client, *m_endpoints.find(endpoint), key.key, m_times, this);
    delete m_lists.value(endpoint);
    m_lists[endpoint] = list;
    connect(list, &ModelList::failed, this, [this, list, endpoint](const RemoteFailure& failure) {
        list->deleteLater();
        showNote(endpoint, failure.sentence);
    });
    connect(list, &ModelList::listed, this,
            [this, list, endpoint](const QList<ListedModel>& models, ServerKind server) {
                list->deleteLater();
                m_endpoints.learn(endpoint, server);
                if (models.isEmpty()) return showNote(endpoint, tr("This server has no models."));
                std::vector<Row> rows;
                for (const ListedModel& model : models) {
                    m_endpoints.setContextTokens({endpoint, model.name}, model.contextTokens);
                    rows.push_back({ModelRow, endpoint, model.name});
                }
                rows.push_back({EditRow, endpoint, {}});
                show(endpoint, rows);
            });
}

QString RemoteModels::title(const QString& path) const {
    const auto model = RemoteModel::fromPath(path);
    const Endpoint* endpoint = model ? m_endpoints.find(model->endpoint) : nullptr;
    return endpoint ? model->displayName() + QStringLiteral(" · ") + hostLabel(endpoint->url) : QString();
}

int RemoteModels::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : count();
}

QVariant RemoteModels::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    const Endpoint* endpoint = m_endpoints.find(row.endpoint);
    if (!endpoint) return {};
    switch (role) {
    case KindRole:
        return row.kind;
    case EndpointRole:
        return row.endpoint;
    case TextRole:
        return row.kind == EndpointRow ? endpoint->name : row.text;
    case DetailRole:
        return row.kind == EndpointRow ? hostLabel(endpoint->url) : QString();
    case PathRole:
        return row.kind == ModelRow ? RemoteModel{row.endpoint, row.text}.path() : QString();
    case OpenRole:
        return lastBelow(index.row()) > index.row();
    default:
        return {};
    }
}

QHash<int, QByteArray> RemoteModels::roleNames() const {
    return {{KindRole, "kind"},     {EndpointRole, "endpoint"}, {TextRole, "label"},
            {DetailRole, "detail"}, {PathRole, "path"},         {OpenRole, "open"}};
}

} // namespace altiplano::app
