#include "presets/preset_model.h"

#include "presets/generation_settings.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>
#include <QUuid>

#include <algorithm>
#include <chrono>

namespace altiplano::app {

namespace {

const QString kForNewChats = QStringLiteral("presets/forNewChats");
constexpr std::chrono::milliseconds kKeepAfter{300};
constexpr qsizetype kLongestName = 80;
constexpr qint64 kMostBytes = 8'000'000;

std::vector<Preset> builtIns() {
    return {{QStringLiteral("balanced"), QStringLiteral(QT_TRANSLATE_NOOP("Preset", "Balanced")), {}, true},
            {QStringLiteral("precise"),
             QStringLiteral(QT_TRANSLATE_NOOP("Preset", "Precise")),
             {{"temperature", 0.2}, {"topP", 0.9}},
             true},
            {QStringLiteral("creative"),
             QStringLiteral(QT_TRANSLATE_NOOP("Preset", "Creative")),
             {{"temperature", 1.1}, {"topP", 1.0}, {"topK", 0}, {"presencePenalty", 0.3}},
             true}};
}

} // namespace

PresetModel::PresetModel(Settings& settings, QObject* parent)
    : QAbstractListModel(parent), m_settings(settings),
      m_path(settings.dataFolder() + QStringLiteral("/presets.json")), m_presets(builtIns()) {
    m_keeping.setSingleShot(true);
    m_keeping.setInterval(kKeepAfter);
    connect(&m_keeping, &QTimer::timeout, this, &PresetModel::write);
    read();
}

/// A file that is damaged is set aside rather than written over.
void PresetModel::read() {
    QFile file(m_path);
    if (!file.open(QIODevice::ReadOnly)) return;
    const QJsonDocument document = QJsonDocument::fromJson(file.read(kMostBytes));
    if (!document.isObject()) {
        QFile::remove(m_path + QStringLiteral(".damaged"));
        file.rename(m_path + QStringLiteral(".damaged"));
        m_problem = tr("The presets could not be read: their file is damaged. It was kept as %1.")
                        .arg(file.fileName());
        return;
    }
    for (const QJsonValue& one : document[QLatin1String("presets")].toArray()) {
        Preset preset{one[QLatin1String("id")].toString(),
                      one[QLatin1String("name")].toString().left(kLongestName),
                      one[QLatin1String("values")].toObject()};
        if (!preset.id.isEmpty() && !preset.name.isEmpty() && !find(preset.id))
            m_presets.push_back(std::move(preset));
    }
}

PresetModel::~PresetModel() {
    if (m_keeping.isActive()) write();
}

void PresetModel::keep() {
    if (!m_keeping.isActive()) m_keeping.start();
}

void PresetModel::write() {
    QDir().mkpath(QFileInfo(m_path).path());
    QJsonArray all;
    for (const Preset& preset : m_presets)
        if (!preset.builtIn)
            all.append(QJsonObject{{"id", preset.id}, {"name", preset.name}, {"values", preset.values}});
    QSaveFile file(m_path);
    const bool written =
        file.open(QIODevice::WriteOnly) &&
        file.write(QJsonDocument(QJsonObject{{"version", 1}, {"presets", all}}).toJson()) >= 0 &&
        file.commit();
    const QString problem =
        written ? QString() : tr("The presets cannot be kept: %1").arg(file.errorString());
    if (problem == m_problem) return;
    m_problem = problem;
    emit problemChanged();
}

const Preset* PresetModel::find(const QString& id) const {
    const auto found =
        std::find_if(m_presets.begin(), m_presets.end(), [&](const Preset& p) { return p.id == id; });
    return found == m_presets.end() ? nullptr : &*found;
}

Preset* PresetModel::own(const QString& id) {
    auto* preset = const_cast<Preset*>(find(id));
    return preset && !preset->builtIn ? preset : nullptr;
}

QVariant PresetModel::value(const QString& id, const Setting& setting) const {
    const Preset* preset = find(id);
    const QJsonValue own = preset ? preset->values.value(QLatin1String(setting.key)) : QJsonValue();
    return own.isNull() || own.isUndefined() ? setting.usual : setting.checked(own.toVariant());
}

void PresetModel::setValue(const QString& id, const QString& key, const QVariant& value) {
    Preset* preset = own(id);
    const Setting* setting = findSetting(generationSettings(), key);
    if (!preset || !setting) return;
    if (!value.isValid() || setting->checked(value) == setting->usual)
        preset->values.remove(key);
    else
        preset->values.insert(key, QJsonValue::fromVariant(setting->checked(value)));
    keep();
    emit presetChanged(id);
}

QString PresetModel::name(const QString& id) const {
    const Preset* preset = find(id);
    if (!preset) return {};
    return preset->builtIn ? QCoreApplication::translate("Preset", preset->name.toUtf8()) : preset->name;
}

bool PresetModel::builtIn(const QString& id) const {
    const Preset* preset = find(id);
    return preset && preset->builtIn;
}

int PresetModel::rowOf(const QString& id) const {
    const Preset* preset = find(id);
    return preset ? static_cast<int>(preset - m_presets.data()) : -1;
}

QString PresetModel::idAt(int row) const {
    return row >= 0 && row < rowCount() ? m_presets[static_cast<std::size_t>(row)].id : QString();
}

QString PresetModel::insert(Preset preset, int row) {
    const QString id = preset.id;
    beginInsertRows({}, row, row);
    m_presets.insert(m_presets.begin() + row, std::move(preset));
    endInsertRows();
    keep();
    emit presetChanged(id);
    return id;
}

QString PresetModel::add(const QString& name) {
    return insert(
        {QUuid::createUuid().toString(QUuid::WithoutBraces), name.simplified().left(kLongestName), {}},
        rowCount());
}

QString PresetModel::duplicate(const QString& id) {
    const Preset* preset = find(id);
    if (!preset) return {};
    return insert({QUuid::createUuid().toString(QUuid::WithoutBraces),
                   tr("%1 (copy)").arg(name(id)).left(kLongestName), preset->values},
                  rowCount());
}

void PresetModel::rename(const QString& id, const QString& name) {
    Preset* preset = own(id);
    if (!preset || name.simplified().isEmpty()) return;
    preset->name = name.simplified().left(kLongestName);
    keep();
    const QModelIndex at = index(rowOf(id));
    emit dataChanged(at, at, {NameRole});
    emit presetChanged(id);
}

void PresetModel::remove(const QString& id) {
    Preset* preset = own(id);
    if (!preset) return;
    m_removedRow = rowOf(id);
    beginRemoveRows({}, m_removedRow, m_removedRow);
    m_removed = std::move(*preset);
    m_presets.erase(m_presets.begin() + m_removedRow);
    endRemoveRows();
    keep();
    emit presetChanged(id);
    emit forNewChatsChanged();
    emit undoChanged();
}

QString PresetModel::undo() {
    if (!m_removed) return {};
    const QString id = insert(std::move(*m_removed), std::min(m_removedRow, rowCount()));
    m_removed.reset();
    emit forNewChatsChanged();
    emit undoChanged();
    return id;
}

void PresetModel::dismissUndo() {
    m_removed.reset();
    emit undoChanged();
}

QString PresetModel::forNewChats() const {
    const QString chosen = m_settings.stored(kForNewChats).toString();
    return find(chosen) ? chosen : m_presets.front().id;
}

void PresetModel::setForNewChats(const QString& id) {
    if (!find(id) || id == forNewChats()) return;
    m_settings.store(kForNewChats, id);
    emit forNewChatsChanged();
}

void PresetModel::retranslate() {
    emit dataChanged(index(0), index(rowCount() - 1), {NameRole});
    for (const Preset& preset : m_presets)
        if (preset.builtIn) emit presetChanged(preset.id);
}

int PresetModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_presets.size());
}

QVariant PresetModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Preset& preset = m_presets[static_cast<std::size_t>(index.row())];
    switch (role) {
    case IdRole:
        return preset.id;
    case NameRole:
        return name(preset.id);
    case BuiltInRole:
        return preset.builtIn;
    default:
        return {};
    }
}

QHash<int, QByteArray> PresetModel::roleNames() const {
    return {{IdRole, "presetId"}, {NameRole, "name"}, {BuiltInRole, "builtIn"}};
}

} // namespace altiplano::app
