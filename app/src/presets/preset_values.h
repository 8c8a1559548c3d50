#pragma once

#include "settings/setting.h"

#include <QtQml/qqmlregistration.h>

namespace altiplano::app {

class PresetModel;

/// The values of one preset, to be shown and, if it is the user's own, changed. GUI thread only.
class PresetValues : public SettingValues {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Made by the application")
    Q_PROPERTY(QString preset READ preset WRITE setPreset NOTIFY presetChanged)
    Q_PROPERTY(QString name READ name NOTIFY presetChanged)
    Q_PROPERTY(bool builtIn READ builtIn NOTIFY presetChanged)
public:
    explicit PresetValues(PresetModel& presets, QObject* parent = nullptr); ///< outlive it

    QVariant stored(const QString& key) const override;
    void store(const QString& key, const QVariant& value) override;

    QString preset() const { return m_preset; } ///< an id
    void setPreset(const QString& id);
    QString name() const;
    bool builtIn() const;

signals:
    void presetChanged();

private:
    PresetModel& m_presets;
    QString m_preset;
};

} // namespace altiplano::app
