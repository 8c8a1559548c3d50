#pragma once

#include "settings/setting.h"

#include <QAbstractListModel>
#include <QtQml/qqmlregistration.h>

namespace altiplano::app {

/// Settings as a page shows them, with their values: all, or those whose words have what is searched for.
/// GUI thread only.
class SettingsModel : public QAbstractListModel {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Made by the application")
    Q_PROPERTY(QString searched READ searched WRITE setSearched NOTIFY searchedChanged)
    Q_PROPERTY(int count READ count NOTIFY countChanged)
public:
    enum Role {
        KeyRole = Qt::UserRole + 1,
        GroupRole, ///< in English: views do not ask again for the names of sections
        TitleRole,
        ExplanationRole,
        KindRole, ///< "switch", "choice", "number", "text"
        ValueRole,
        ChangedRole, ///< it is not what it usually is
        UsualRole,   ///< in words
        OptionsRole, ///< their labels
        ChosenRole,  ///< index of the option
        RangeRole,   ///< from, to, step, decimals, unit, lowest
    };

    /// Both outlive it.
    SettingsModel(const std::vector<Setting>& settings, SettingValues& values, QObject* parent = nullptr);

    Q_INVOKABLE void set(const QString& key, const QVariant& value);
    Q_INVOKABLE void choose(const QString& key, int option);
    Q_INVOKABLE void step(const QString& key, int steps); ///< of a number: so many steps up or down
    Q_INVOKABLE void reset(const QString& key);
    Q_INVOKABLE QVariant value(const QString& key) const;

    QString searched() const { return m_searched; }
    void setSearched(const QString& words);
    int count() const { return static_cast<int>(m_rows.size()); }

    /// The texts are in another language now.
    void retranslate();

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

signals:
    void searchedChanged();
    void countChanged();

private:
    void arrange();
    void onChanged(const QString& key);

    const std::vector<Setting>& m_settings;
    SettingValues& m_values;
    QString m_searched;
    std::vector<const Setting*> m_rows;
};

} // namespace altiplano::app
