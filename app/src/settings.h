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

    QStringList recentModels() const; ///< newest first, at most kMostRecent
    void addRecentModel(const QString& path);

    /// Set while a model loads and unset when that has ended: still set at start, the app died over it.
    QString modelBeingLoaded() const;
    void setModelBeingLoaded(const QString& path);

    QSize windowSize() const;
    void setWindowSize(const QSize& size);

private:
    static constexpr int kMostRecent = 6;
    QSettings m_settings;
};

} // namespace altiplano::app
