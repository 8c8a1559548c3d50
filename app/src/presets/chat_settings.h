#pragma once

#include "settings/setting.h"

#include <QJsonObject>
#include <QtQml/qqmlregistration.h>

namespace altiplano::app {

class ChatController;
class PresetModel;

/// What was chosen for the chat on the page: its preset, and what differs from it. Kept with the chat, and in
/// force from its next answer on. GUI thread only.
class ChatSettings : public SettingValues {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Made by the application")
    Q_PROPERTY(QString preset READ preset WRITE setPreset NOTIFY presetChanged)
    Q_PROPERTY(QString presetName READ presetName NOTIFY presetChanged)
    Q_PROPERTY(bool differs READ differs NOTIFY presetChanged)
public:
    ChatSettings(ChatController& chat, PresetModel& presets, QObject* parent = nullptr); ///< outlive it

    QVariant stored(const QString& key) const override;
    void store(const QString& key, const QVariant& value) override;
    QVariant usual(const Setting& setting) const override; ///< the preset's

    QString preset() const;            ///< an id; the first one's where the chat's own is gone
    void setPreset(const QString& id); ///< what differed from the one before is as this one says
    QString presetName() const;
    bool differs() const;                             ///< something is not as the preset has it
    Q_INVOKABLE void savePreset(const QString& name); ///< as a new preset, which the chat has from now on

signals:
    void presetChanged();

private:
    void onChatChanged();

    ChatController& m_chat;
    PresetModel& m_presets;
    QJsonObject m_shown;
};

/// The id of the preset that settings of a chat name, else of the first.
QString presetOf(const QJsonObject& chat, const PresetModel& presets);
/// What a new chat begins with.
QJsonObject freshSettings(const PresetModel& presets);
/// What a chat with these settings has for a setting.
QVariant generationValue(const QJsonObject& chat, const PresetModel& presets, const Setting& setting);

} // namespace altiplano::app
