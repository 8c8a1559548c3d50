#include "settings/setting.h"

#include <QStringList>

#include <algorithm>
#include <cmath>

namespace altiplano::app {

namespace {

constexpr int kLongestText = 20'000;

} // namespace

QVariant Setting::checked(const QVariant& value) const {
    switch (kind) {
    case Switch:
        return value.canConvert<bool>() ? value.toBool() : usual;
    case Choice: {
        const auto same = std::find_if(options.begin(), options.end(), [&](const Option& option) {
            return option.value.toString() == value.toString();
        });
        return same == options.end() ? usual : same->value;
    }
    case Number: {
        bool isNumber = false;
        const double number = value.toDouble(&isNumber);
        if (!isNumber || !std::isfinite(number)) return usual;
        const double scale = std::pow(10, range.decimals);
        return std::clamp(std::round(number * scale) / scale, range.from, range.to);
    }
    case Text:
        return value.toString().left(kLongestText);
    }
    return usual;
}

const Setting* findSetting(const std::vector<Setting>& settings, const QString& key) {
    const auto found = std::find_if(settings.begin(), settings.end(),
                                    [&](const Setting& s) { return key == QLatin1String(s.key); });
    return found == settings.end() ? nullptr : &*found;
}

QVariant SettingValues::value(const Setting& setting) const {
    const QVariant own = stored(QLatin1String(setting.key));
    return own.isValid() ? setting.checked(own) : usual(setting);
}

} // namespace altiplano::app
