#include "presets/preset_values.h"

#include "presets/generation_settings.h"
#include "presets/preset_model.h"

namespace altiplano::app {

PresetValues::PresetValues(PresetModel& presets, QObject* parent)
    : SettingValues(parent), m_presets(presets), m_preset(presets.idAt(0)) {
    connect(&presets, &PresetModel::presetChanged, this, [this](const QString& id) {
        if (id == m_preset) setPreset(m_presets.find(id) ? id : m_presets.idAt(0));
    });
}

QVariant PresetValues::stored(const QString& key) const {
    const Setting* setting = findSetting(generationSettings(), key);
    return setting ? m_presets.value(m_preset, *setting) : QVariant();
}

void PresetValues::store(const QString& key, const QVariant& value) {
    m_presets.setValue(m_preset, key, value);
}

void PresetValues::setPreset(const QString& id) {
    if (!m_presets.find(id)) return;
    m_preset = id;
    emit presetChanged();
    emit changed({});
}

QString PresetValues::name() const {
    return m_presets.name(m_preset);
}

bool PresetValues::builtIn() const {
    return m_presets.builtIn(m_preset);
}

} // namespace altiplano::app
