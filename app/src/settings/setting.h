#pragma once

#include <QObject>
#include <QString>
#include <QVariant>

#include <vector>

namespace altiplano::app {

/// One thing that a user can set: what it is called, what it may be, and what it is while nobody sets it.
/// Texts are English, to be translated in the context "Setting" when they are shown.
struct Setting {
    enum Kind {
        Switch, ///< a bool
        Choice, ///< one of the options
        Number, ///< from `from` to `to`
        Text,   ///< of several lines
    };
    struct Option {
        QVariant value;
        const char* label;
    };
    struct Range {
        double from = 0, to = 0, step = 1;
        int decimals = 0;
        const char* unit = "";   ///< "%1 tokens"; empty: none
        const char* lowest = ""; ///< what `from` means, such as "Automatic"; empty: itself
    };

    const char* key;
    const char* group;
    const char* title;
    const char* explanation;
    Kind kind;
    QVariant usual;
    std::vector<Option> options = {};
    Range range = {};

    /// The value if it is one that this setting may have, the nearest that it may have, or `usual`: what
    /// comes from a file may be anything.
    QVariant checked(const QVariant& value) const;
};

/// All that is on the settings page.
const std::vector<Setting>& appSettings();

/// The one with that key; null: there is none.
const Setting* findSetting(const std::vector<Setting>& settings, const QString& key);

/// Where the values of settings are kept. GUI thread only.
class SettingValues : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    virtual QVariant stored(const QString& key) const = 0;             ///< invalid: nobody has set it
    virtual void store(const QString& key, const QVariant& value) = 0; ///< invalid: forgets it
    /// What a setting is while nobody sets it.
    virtual QVariant usual(const Setting& setting) const { return setting.usual; }

    QVariant value(const Setting& setting) const;

signals:
    void changed(const QString& key); ///< empty: perhaps all of them
};

} // namespace altiplano::app
