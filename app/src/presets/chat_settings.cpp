#include "presets/chat_settings.h"

#include "chat_controller.h"
#include "presets/generation_settings.h"
#include "presets/preset_model.h"

namespace altiplano::app {

namespace {

const QString kPreset = QStringLiteral("preset");

QJsonObject withoutValues(QJsonObject chat) {
    for (const Setting& setting : generationSettings())
        chat.remove(QLatin1String(setting.key));
    return chat;
}

} // namespace

QString presetOf(const QJsonObject& chat, const PresetModel& presets) {
    const QString id = chat.value(kPreset).toString();
    return presets.find(id) ? id : presets.idAt(0);
}

QJsonObject freshSettings(const PresetModel& presets) {
    const QString id = presets.forNewChats();
    return id == presets.idAt(0) ? QJsonObject() : QJsonObject{{kPreset, id}};
}

QVariant generationValue(const QJsonObject& chat, const PresetModel& presets, const Setting& setting) {
    const QJsonValue own = chat.value(QLatin1String(setting.key));
    return own.isNull() || own.isUndefined() ? presets.value(presetOf(chat, presets), setting)
                                             : setting.checked(own.toVariant());
}

ChatSettings::ChatSettings(ChatController& chat, PresetModel& presets, QObject* parent)
    : SettingValues(parent), m_chat(chat), m_presets(presets) {
    connect(&chat, &ChatController::changed, this, &ChatSettings::onChatChanged);
    const auto all = [this] {
        emit presetChanged();
        emit changed({});
    };
    connect(&presets, &PresetModel::presetChanged, this, all);
    connect(&presets, &PresetModel::forNewChatsChanged, this, [this] {
        if (m_chat.chatId() == 0) setPreset(m_presets.forNewChats());
    });
}

void ChatSettings::onChatChanged() {
    const QJsonObject now = m_chat.settings();
    if (now == m_shown) return;
    m_shown = now;
    emit presetChanged();
    emit changed({});
}

QVariant ChatSettings::stored(const QString& key) const {
    const QJsonValue own = m_chat.settings().value(key);
    return own.isUndefined() || own.isNull() ? QVariant() : own.toVariant();
}

/// What the preset says anyway is not kept, so that it follows the preset.
void ChatSettings::store(const QString& key, const QVariant& value) {
    const Setting* setting = findSetting(generationSettings(), key);
    if (!setting) return;
    QJsonObject settings = m_chat.settings();
    if (!value.isValid() || setting->checked(value) == usual(*setting))
        settings.remove(key);
    else
        settings.insert(key, QJsonValue::fromVariant(setting->checked(value)));
    m_chat.setSettings(settings);
}

QVariant ChatSettings::usual(const Setting& setting) const {
    return m_presets.value(preset(), setting);
}

QString ChatSettings::preset() const {
    return presetOf(m_chat.settings(), m_presets);
}

QString ChatSettings::presetName() const {
    return m_presets.name(preset());
}

bool ChatSettings::differs() const {
    const QJsonObject settings = m_chat.settings();
    return withoutValues(settings) != settings;
}

void ChatSettings::setPreset(const QString& id) {
    if (!m_presets.find(id)) return;
    QJsonObject settings = withoutValues(m_chat.settings());
    settings.insert(kPreset, id);
    m_chat.setSettings(settings);
}

void ChatSettings::savePreset(const QString& name) {
    const QJsonObject settings = m_chat.settings();
    std::vector<QVariant> values;
    for (const Setting& setting : generationSettings())
        values.push_back(generationValue(settings, m_presets, setting));
    const QString id = m_presets.add(name);
    for (std::size_t i = 0; i < values.size(); ++i)
        m_presets.setValue(id, QLatin1String(generationSettings()[i].key), values[i]);
    setPreset(id);
}

} // namespace altiplano::app
