#pragma once

#include "settings/settings.h"

#include <QObject>
#include <QtQml/qqmlregistration.h>

namespace altiplano::app {

/// How one model is loaded: as all are, or its own way. What is set is kept at once and counts from the next
/// load on. GUI thread only.
class ModelOptions : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Made by the application")
    Q_PROPERTY(QString path READ path WRITE setPath NOTIFY changed)
    Q_PROPERTY(int contextTokens READ contextTokens WRITE setContextTokens NOTIFY changed)
    Q_PROPERTY(int threads READ threads WRITE setThreads NOTIFY changed)
    Q_PROPERTY(int gpuLayers READ gpuLayers WRITE setGpuLayers NOTIFY changed)
    Q_PROPERTY(bool kvQ8 READ kvQ8 WRITE setKvQ8 NOTIFY changed)
    Q_PROPERTY(bool own READ own NOTIFY changed)
public:
    explicit ModelOptions(Settings& settings, QObject* parent = nullptr)
        : QObject(parent), m_settings(settings) {}

    QString path() const { return m_path; }
    void setPath(const QString& path);
    int contextTokens() const { return static_cast<int>(request().contextTokens); }
    void setContextTokens(int tokens);
    int threads() const { return static_cast<int>(request().settings.threads); } ///< 0: the engine's choice
    void setThreads(int threads);
    int gpuLayers() const { return request().settings.gpuLayers; } ///< -1: as many as fit
    void setGpuLayers(int layers);
    bool kvQ8() const { return request().settings.kvQ8; }
    void setKvQ8(bool on);
    bool own() const { return m_settings.modelSettings(m_path).has_value(); }

    Q_INVOKABLE void reset(); ///< as all are

signals:
    void changed();
    void stored(const QString& path);

private:
    LoadRequest request() const { return m_settings.loadRequest(m_path); }
    void store(const std::optional<ModelSettings>& settings);
    template <typename Change>
    void change(Change change);

    Settings& m_settings;
    QString m_path;
};

} // namespace altiplano::app
