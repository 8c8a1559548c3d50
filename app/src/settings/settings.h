#pragma once

#include "engine_port.h"
#include "remote/endpoint.h"
#include "settings/setting.h"

#include <QList>
#include <QSettings>
#include <QSize>
#include <QString>
#include <QStringList>

#include <optional>

namespace altiplano::app {

/// How one model is loaded where that differs from the others. Device, graphs and memory limit are those of
/// all.
struct ModelSettings {
    quint32 contextTokens = LoadRequest().contextTokens;
    EngineSettings engine;
    bool operator==(const ModelSettings&) const = default;
};

/// What the app remembers between runs: $XDG_CONFIG_HOME/altiplano/settings.ini. Its settings are those of
/// appSettings(). GUI thread only.
class Settings : public SettingValues {
    Q_OBJECT
public:
    Settings();                             ///< under the XDG directories
    explicit Settings(const QString& path); ///< another file

    QVariant stored(const QString& key) const override { return m_settings.value(key); }
    void store(const QString& key, const QVariant& value) override;

    using SettingValues::value;
    QVariant value(const char* key) const; ///< of one of appSettings()

    /// Where chats are kept: $XDG_DATA_HOME/altiplano, or the folder of the other file.
    QString dataFolder() const { return m_dataFolder; }
    /// What can be made anew is kept: $XDG_CACHE_HOME/altiplano, or the folder of the other file.
    QString cacheFolder() const { return m_cacheFolder; }

    QStringList recentModels() const; ///< newest first, at most kMostRecent
    void addRecentModel(const QString& path);

    QStringList modelFolders() const; ///< that the user added to the library
    void setModelFolders(const QStringList& folders);

    /// Set from the moment a model begins to load until it is unloaded or the app ends as it should: still
    /// set at start, the app died with it.
    QString modelInUse() const;
    void setModelInUse(const QString& path);

    EngineSettings engineSettings() const;
    void setEngineSettings(const EngineSettings& settings);
    quint32 contextTokens() const; ///< that a model is loaded for

    std::optional<ModelSettings> modelSettings(const QString& path) const; ///< nothing: as the others
    void setModelSettings(const QString& path, const std::optional<ModelSettings>& settings);
    LoadRequest
    loadRequest(const QString& path) const; ///< with the model's own settings, else the usual ones

    QList<Endpoint> endpoints(); ///< without keys: those are never in a file
    void setEndpoints(const QList<Endpoint>& endpoints);

    QSize windowSize() const;
    void setWindowSize(const QSize& size);

    QStringList allowedHosts() const; ///< that the user lets the app ask for models
    void allowHost(const QString& host);

    bool sidebarShown() const;
    void setSidebarShown(bool shown);

private:
    static constexpr int kMostRecent = 6;
    QString m_dataFolder, m_cacheFolder;
    QSettings m_settings;
};

} // namespace altiplano::app
