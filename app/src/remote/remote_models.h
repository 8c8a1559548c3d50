#pragma once

#include "api_client.h"
#include "endpoints.h"
#include "model_list.h"

#include <QAbstractListModel>
#include <QPointer>
#include <QtQml/qqmlregistration.h>

#include <vector>

namespace altiplano::app {

/// The endpoints and, below each that was opened, its models, as rows of the model picker. A server is asked
/// when its row is opened, and then only. GUI thread only.
class RemoteModels : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Made by the application")
    Q_PROPERTY(int count READ count NOTIFY countChanged)
public:
    enum Kind {
        EndpointRow, ///< text: its name, detail: its host
        ModelRow,    ///< text: the model's name
        NoteRow,     ///< text: why there are no models (yet)
        EditRow,     ///< leads to the form
    };
    Q_ENUM(Kind)
    enum Role { KindRole = Qt::UserRole + 1, EndpointRole, TextRole, DetailRole, PathRole, OpenRole };

    RemoteModels(Endpoints& endpoints, const RemoteTimes& times = {}, QObject* parent = nullptr);

    Q_INVOKABLE void toggle(const QString& endpoint); ///< opens (and asks the server) or closes
    Q_INVOKABLE void open(const QString& endpoint);   ///< asks again, if it was open
    Q_INVOKABLE void closeAll();
    /// "Qwen3-8B · api.example.com" of a remote model's path; empty: it is a file's.
    Q_INVOKABLE QString title(const QString& path) const;

    int count() const { return static_cast<int>(m_rows.size()); }
    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

signals:
    void countChanged();

private:
    struct Row {
        Kind kind = EndpointRow;
        QString endpoint, text;
        bool operator==(const Row&) const = default;
    };
    void show(const QString& endpoint, const std::vector<Row>& below);
    void showNote(const QString& endpoint, const QString& sentence, bool canEdit = true);
    void ask(const QString& endpoint, const KeyAnswer& key);
    void onEndpointsChanged();
    int rowOf(const QString& endpoint) const; ///< -1: none
    int lastBelow(int row) const;

    Endpoints& m_endpoints;
    RemoteTimes m_times;
    ApiClient m_client;
    std::vector<Row> m_rows;
    QHash<QString, QPointer<ModelList>> m_lists; ///< under way; children of this
};

} // namespace altiplano::app
