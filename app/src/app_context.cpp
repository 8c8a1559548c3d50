#include "app_context.h"

#include "markdown/markdown_parser.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QUrl>

namespace altiplano::app {

AppContext::AppContext(EnginePort& local, Settings& settings, std::unique_ptr<KeyStore> keys)
    : m_settings(settings), m_keys(keys ? std::move(keys) : std::make_unique<Keyring>()),
      m_endpoints(settings, *m_keys), m_remoteEngine(m_endpoints), m_engine(local, m_remoteEngine),
      m_remote(m_endpoints), m_endpointForm(m_endpoints), m_language(settings),
      m_settingsModel(appSettings(), settings), m_appearance(settings), m_store(settings.dataFolder()),
      m_chats(m_store), m_model(m_engine, settings), m_library(settings), m_modelOptions(settings),
      m_presets(settings), m_chat(m_engine, m_model, m_store, m_chats, m_presets), m_draft(m_engine),
      m_performance(m_engine),
      m_comparison(m_engine, settings.dataFolder() + QStringLiteral("/measurements")),
      m_tuning(settings, m_model, m_chat) {
    connect(&m_chat.titles(), &TitleWriter::submitted, &m_performance, &PerformanceModel::ignore);
    connect(&m_endpoints, &Endpoints::changed, this, &AppContext::keyringProblemChanged);
    connect(&m_endpoints, &Endpoints::changed, &m_model, &ModelController::changed);
    connect(&m_engine, &EnginePort::loaded, &m_library, &ModelLibrary::setLoaded);
    connect(&m_engine, &EnginePort::unloaded, &m_library, [this] { m_library.setLoaded({}); });
    connect(&m_modelOptions, &ModelOptions::stored, &m_library, &ModelLibrary::settingsChanged);
    connect(&m_comparison, &Comparison::settingsChosen, &m_model, &ModelController::setEngineSettings);
    connect(&settings, &Settings::changed, this, [this](const QString& key) {
        if (key == QLatin1String("composer/enterSends")) emit enterSendsChanged();
    });
    connect(&m_language, &Language::changed, this, &AppContext::retranslate);
}

/// What has words in it is to be asked for them again.
void AppContext::retranslate() {
    for (SettingsModel* settings : {&m_settingsModel, &m_generation, &m_presetSettings})
        settings->retranslate();
    m_presets.retranslate();
    m_library.retranslate();
    emit m_comparison.changed();
    emit m_model.changed();
}

void AppContext::copy(const QString& text) {
    QGuiApplication::clipboard()->setText(text);
}

void AppContext::openFolder(const QString& path) {
    QDesktopServices::openUrl(QUrl::fromLocalFile(path));
}

void AppContext::openLink(const QString& target) {
    if (isSafeLink(target)) QDesktopServices::openUrl(QUrl(target));
}

} // namespace altiplano::app
