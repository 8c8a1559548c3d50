#pragma once

#include <QSettings>
#include <QSize>
#include <QString>
#include <QStringList>

namespace altiplano::app {

/// What the app remembers between runs: $XDG_CONFIG_HOME/altiplano/settings.ini. GUI thread only.
class Settings {
public:
    Settings();                             ///< under the XDG directories
    explicit Settings(const QString& path); ///< another file

    /// Where chats are kept: $XDG_DATA_HOME/altiplano, or the folder of the other file.
    QString dataFolder() const { return m_dataFolder; }

    QStringList recentModels() const; ///< newest first, at most kMostRecent
    void addRecentModel(const QString& path);

    /// Set while a model loads and unset when that has ended: still set at start, the app died over it.
    QString modelBeingLoaded() const;
    void setModelBeingLoaded(const QString& path);

    QSize windowSize() const;
    void setWindowSize(const QSize& size);

    bool sidebarShown() const;
    void setSidebarShown(bool shown);

private:
    static constexpr int kMostRecent = 6;
    QString m_dataFolder;
    QSettings m_settings;
};

} // namespace altiplano::app
