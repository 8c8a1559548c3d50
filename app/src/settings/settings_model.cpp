#include "settings/settings_model.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace altiplano::app {

namespace {

QString translated(const char* text) {
    return *text ? QCoreApplication::translate("Setting", text) : QString();
}

int chosenOption(const Setting& setting, const QVariant& value) {
    for (std::size_t i = 0; i < setting.options.size(); ++i)
        if (setting.options[i].value.toString() == value.toString()) return static_cast<int>(i);
    return -1;
}

QString inWords(const Setting& setting, const QVariant& value) {
    switch (setting.kind) {
    case Setting::Switch:
        return value.toBool() ? SettingsModel::tr("on") : SettingsModel::tr("off");
    case Setting::Choice: {
        const int chosen = chosenOption(setting, value);
        return chosen < 0 ? QString() : translated(setting.options[static_cast<std::size_t>(chosen)].label);
    }
    case Setting::Number: {
        const Setting::Range& range = setting.range;
        if (*range.lowest && value.toDouble() <= range.from) return translated(range.lowest);
        const QString number = QLocale().toString(value.toDouble(), 'f', range.decimals);
        return *range.unit ? translated(range.unit).arg(number) : number;
    }
    case Setting::Text:
        return value.toString().isEmpty() ? SettingsModel::tr("empty") : value.toString();
    }
    return {};
}

bool hasWords(const Setting& setting, const QString& words) {
    const QString text =
        translated(setting.group) + u' ' + translated(setting.title) + u' ' + translated(setting.explanation);
    const QStringList wanted = words.simplified().split(u' ', Qt::SkipEmptyParts);
    return std::all_of(wanted.begin(), wanted.end(),
                       [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

QVariantMap rangeOf(const Setting& setting) {
    const Setting::Range& range = setting.range;
    return {{QStringLiteral("from"), range.from},
            {QStringLiteral("to"), range.to},
            {QStringLiteral("step"), range.step},
            {QStringLiteral("decimals"), range.decimals},
            {QStringLiteral("unit"), translated(range.unit)},
            {QStringLiteral("lowest"), translated(range.lowest)}};
}

QString kindName(Setting::Kind kind) {
    static constexpr const char* kNames[] = {"switch", "choice", "number", "text"};
    return QString::fromLatin1(kNames[kind]);
}

} // namespace

SettingsModel::SettingsModel(const std::vector<Setting>& settings, SettingValues& values, QObject* parent)
    : QAbstractListModel(parent), m_settings(settings), m_values(values) {
    connect(&values, &SettingValues::changed, this, &SettingsModel::onChanged);
    arrange();
}

void SettingsModel::set(const QString& key, const QVariant& value) {
    if (const Setting* setting = findSetting(m_settings, key)) m_values.store(key, setting->checked(value));
}

void SettingsModel::choose(const QString& key, int option) {
    const Setting* setting = findSetting(m_settings, key);
    if (setting && option >= 0 && option < static_cast<int>(setting->options.size()))
        m_values.store(key, setting->options[static_cast<std::size_t>(option)].value);
}

void SettingsModel::step(const QString& key, int steps) {
    if (const Setting* setting = findSetting(m_settings, key))
        set(key, m_values.value(*setting).toDouble() + steps * setting->range.step);
}

void SettingsModel::reset(const QString& key) {
    if (findSetting(m_settings, key)) m_values.store(key, {});
}

QVariant SettingsModel::value(const QString& key) const {
    const Setting* setting = findSetting(m_settings, key);
    return setting ? m_values.value(*setting) : QVariant();
}

void SettingsModel::setSearched(const QString& words) {
    if (words == m_searched) return;
    m_searched = words;
    emit searchedChanged();
    arrange();
}

void SettingsModel::retranslate() {
    if (!m_searched.isEmpty()) arrange();
    if (count() > 0) emit dataChanged(index(0), index(count() - 1));
}

void SettingsModel::arrange() {
    std::vector<const Setting*> rows;
    for (const Setting& setting : m_settings)
        if (hasWords(setting, m_searched)) rows.push_back(&setting);
    if (rows == m_rows) return;
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
    emit countChanged();
}

void SettingsModel::onChanged(const QString& key) {
    for (int row = 0; row < count(); ++row)
        if (key.isEmpty() || key == QLatin1String(m_rows[static_cast<std::size_t>(row)]->key))
            emit dataChanged(index(row), index(row), {ValueRole, ChangedRole, UsualRole, ChosenRole});
}

int SettingsModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : count();
}

QVariant SettingsModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Setting& setting = *m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case KeyRole:
        return QString::fromLatin1(setting.key);
    case GroupRole:
        return QString::fromLatin1(setting.group);
    case TitleRole:
        return translated(setting.title);
    case ExplanationRole:
        return translated(setting.explanation);
    case KindRole:
        return kindName(setting.kind);
    case ValueRole:
        return m_values.value(setting);
    case ChangedRole:
        return m_values.value(setting) != m_values.usual(setting);
    case UsualRole:
        return inWords(setting, m_values.usual(setting));
    case OptionsRole: {
        QStringList labels;
        for (const Setting::Option& option : setting.options)
            labels << translated(option.label);
        return labels;
    }
    case ChosenRole:
        return chosenOption(setting, m_values.value(setting));
    case RangeRole:
        return rangeOf(setting);
    default:
        return {};
    }
}

QHash<int, QByteArray> SettingsModel::roleNames() const {
    return {{KeyRole, "key"},         {GroupRole, "group"},
            {TitleRole, "title"},     {ExplanationRole, "explanation"},
            {KindRole, "kind"},       {ValueRole, "value"},
            {ChangedRole, "changed"}, {UsualRole, "usual"},
            {OptionsRole, "options"}, {ChosenRole, "chosen"},
            {RangeRole, "range"}};
}

} // namespace altiplano::app
