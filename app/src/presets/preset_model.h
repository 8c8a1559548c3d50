#pragma once

#include "settings/settings.h"

#include <QAbstractListModel>
#include <QJsonObject>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include <optional>
#include <vector>

namespace altiplano::app {

/// A named set of values of generationSettings().
struct Preset {
    QString id;
    QString name;       ///< English if it is built in, to be translated
    QJsonObject values; ///< by key; those that are missing are as usual
    bool builtIn = false;
    bool operator==(const Preset&) const = default;
};

/// The presets: those that are built in, then the user's own, which are kept in presets.json of the data
/// folder. GUI thread only.
class PresetModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Made by the application")
    Q_PROPERTY(QString forNewChats READ forNewChats WRITE setForNewChats NOTIFY forNewChatsChanged)
    Q_PROPERTY(QString undoName READ undoName NOTIFY undoChanged)
    Q_PROPERTY(QString problem READ problem NOTIFY problemChanged)
public:
    enum Role { IdRole = Qt::UserRole + 1, NameRole, BuiltInRole };

    explicit PresetModel(Settings& settings, QObject* parent = nullptr); ///< outlive it
    ~PresetModel() override;                                             ///< keeps what is not kept yet

    const Preset* find(const QString& id) const; ///< null: there is none; valid until the next change
    /// What that preset says of a setting, or what it usually is.
    QVariant value(const QString& id, const Setting& setting) const;
    void setValue(const QString& id, const QString& key,
                  const QVariant& value); ///< of one's own; invalid: none

    Q_INVOKABLE QString name(const QString& id) const; ///< in the user's language; empty: there is none
    Q_INVOKABLE bool builtIn(const QString& id) const;
    Q_INVOKABLE int rowOf(const QString& id) const; ///< -1: there is none
    Q_INVOKABLE QString idAt(int row) const;
    Q_INVOKABLE QString add(const QString& name);     ///< its id; with the usual values
    Q_INVOKABLE QString duplicate(const QString& id); ///< the copy's id
    Q_INVOKABLE void rename(const QString& id, const QString& name);
    Q_INVOKABLE void remove(const QString& id); ///< can be undone; built-in ones stay
    Q_INVOKABLE QString undo();                 ///< the id of the one that is back
    Q_INVOKABLE void dismissUndo();

    QString forNewChats() const; ///< an id
    void setForNewChats(const QString& id);
    QString undoName() const { return m_removed ? m_removed->name : QString(); } ///< empty: nothing to undo
    QString problem() const { return m_problem; } ///< a sentence where they cannot be kept; else empty
    void retranslate();

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

signals:
    void presetChanged(const QString& id); ///< its values, or it came or went
    void forNewChatsChanged();
    void undoChanged();
    void problemChanged();

private:
    Preset* own(const QString& id);
    QString insert(Preset preset, int row);
    void read();
    void write();
    void keep();

    Settings& m_settings;
    const QString m_path;
    std::vector<Preset> m_presets;
    std::optional<Preset> m_removed;
    int m_removedRow = 0;
    QString m_problem;
    QTimer m_keeping; ///< so that typing does not wait for the disk
};

} // namespace altiplano::app
