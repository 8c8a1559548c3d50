#pragma once

#include "appearance.h"
#include "chat_controller.h"
#include "chats/chat_list_model.h"
#include "chats/chat_store.h"
#include "chats/chat_transfer.h"
#include "comparison.h"
#include "composer/draft.h"
#include "downloads/download_list_model.h"
#include "exporter.h"
#include "model_controller.h"
#include "models/model_library.h"
#include "models/model_options.h"
#include "performance_model.h"
#include "presets/chat_settings.h"
#include "presets/generation_settings.h"
#include "presets/preset_model.h"
#include "presets/preset_values.h"
#include "remote/endpoint_form.h"
#include "remote/keyring.h"
#include "remote/remote_engine.h"
#include "remote/remote_models.h"
#include "remote/switching_engine.h"
#include "settings/engine_tuning.h"
#include "settings/language.h"
#include "settings/settings_model.h"

#include <QObject>
#include <QtQml/qqmlregistration.h>

#include <memory>

namespace altiplano::app {

/// Everything that QML gets from C++.
class AppContext : public QObject {
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("Made by the application")
    Q_PROPERTY(ChatController* chat READ chat CONSTANT)
    Q_PROPERTY(ChatListModel* chats READ chats CONSTANT)
    Q_PROPERTY(ChatStore* store READ store CONSTANT)
    Q_PROPERTY(ChatTransfer* transfer READ transfer CONSTANT)
    Q_PROPERTY(bool sidebarShown READ sidebarShown WRITE setSidebarShown NOTIFY sidebarShownChanged)
    Q_PROPERTY(Draft* draft READ draft CONSTANT)
    Q_PROPERTY(bool enterSends READ enterSends NOTIFY enterSendsChanged)
    Q_PROPERTY(ModelController* model READ model CONSTANT)
    Q_PROPERTY(ModelLibrary* library READ library CONSTANT)
    Q_PROPERTY(DownloadListModel* downloads READ downloads CONSTANT)
    Q_PROPERTY(ModelOptions* modelOptions READ modelOptions CONSTANT)
    Q_PROPERTY(RemoteModels* remote READ remote CONSTANT)
    Q_PROPERTY(EndpointForm* endpointForm READ endpointForm CONSTANT)
    Q_PROPERTY(QString keyringProblem READ keyringProblem NOTIFY keyringProblemChanged)
    Q_PROPERTY(PerformanceModel* performance READ performance CONSTANT)
    Q_PROPERTY(Comparison* comparison READ comparison CONSTANT)
    Q_PROPERTY(Exporter* exporter READ exporter CONSTANT)
    Q_PROPERTY(Appearance* appearance READ appearance CONSTANT)
    Q_PROPERTY(Language* language READ language CONSTANT)
    Q_PROPERTY(PresetModel* presets READ presets CONSTANT)
    Q_PROPERTY(ChatSettings* chatSettings READ chatSettings CONSTANT)
    Q_PROPERTY(PresetValues* presetValues READ presetValues CONSTANT)
    Q_PROPERTY(SettingsModel* presetSettings READ presetSettings CONSTANT)
    Q_PROPERTY(SettingsModel* generation READ generation CONSTANT)
    Q_PROPERTY(SettingsModel* settings READ settings CONSTANT)
    Q_PROPERTY(QString dataFolder READ dataFolder CONSTANT)
public:
    /// `local` answers for files, a server for remote models; both arguments outlive it. `keys`: the system's
    /// keyring, if null.
    AppContext(EnginePort& local, Settings& settings, std::unique_ptr<KeyStore> keys = nullptr);

    ChatController* chat() { return &m_chat; }
    ChatListModel* chats() { return &m_chats; }
    ChatStore* store() { return &m_store; }
    ChatTransfer* transfer() { return &m_transfer; }
    bool sidebarShown() const { return m_settings.sidebarShown(); }
    void setSidebarShown(bool shown) {
        m_settings.setSidebarShown(shown);
        emit sidebarShownChanged();
    }
    Draft* draft() { return &m_draft; }
    bool enterSends() const { return m_settings.value("composer/enterSends").toBool(); }
    ModelController* model() { return &m_model; }
    ModelLibrary* library() { return &m_library; }
    DownloadListModel* downloads() { return &m_downloads; }
    ModelOptions* modelOptions() { return &m_modelOptions; }
    RemoteModels* remote() { return &m_remote; }
    EndpointForm* endpointForm() { return &m_endpointForm; }
    /// Why the newest key is kept until the app ends only; empty: it is not.
    QString keyringProblem() const { return m_endpoints.keyringProblem(); }
    Q_INVOKABLE void dismissKeyringProblem() { m_endpoints.dismissKeyringProblem(); }
    PerformanceModel* performance() { return &m_performance; }
    Comparison* comparison() { return &m_comparison; }
    Exporter* exporter() { return &m_exporter; }
    Appearance* appearance() { return &m_appearance; }
    Language* language() { return &m_language; }
    PresetModel* presets() { return &m_presets; }
    ChatSettings* chatSettings() { return &m_chatSettings; }
    PresetValues* presetValues() { return &m_presetValues; }
    SettingsModel* presetSettings() { return &m_presetSettings; } ///< of presetValues()
    SettingsModel* generation() { return &m_generation; }         ///< of the chat on the page
    SettingsModel* settings() { return &m_settingsModel; }
    QString dataFolder() const { return m_settings.dataFolder(); }

    Q_INVOKABLE static void copy(const QString& text);       ///< to the clipboard
    Q_INVOKABLE static void openLink(const QString& target); ///< in the browser, if it is a safe one
    Q_INVOKABLE static void openFolder(const QString& path); ///< in the file manager

signals:
    void enterSendsChanged();
    void keyringProblemChanged();
    void sidebarShownChanged();

private:
    void retranslate();

    Settings& m_settings;
    std::unique_ptr<KeyStore> m_keys;
    Endpoints m_endpoints;
    RemoteEngine m_remoteEngine;
    SwitchingEngine m_engine;
    RemoteModels m_remote;
    EndpointForm m_endpointForm;
    Language m_language;
    SettingsModel m_settingsModel;
    Appearance m_appearance;
    ChatStore m_store;
    ChatListModel m_chats;
    ChatTransfer m_transfer{m_store, m_chats};
    ModelController m_model;
    ModelLibrary m_library;
    ModelOptions m_modelOptions;
    PresetModel m_presets;
    ChatController m_chat;
    ChatSettings m_chatSettings{m_chat, m_presets};
    SettingsModel m_generation{generationSettings(), m_chatSettings};
    PresetValues m_presetValues{m_presets};
    SettingsModel m_presetSettings{generationSettings(), m_presetValues};
    Draft m_draft;
    DownloadListModel m_downloads{m_settings, m_library.ownFolder()};
    PerformanceModel m_performance;
    Comparison m_comparison;
    EngineTuning m_tuning;
    Exporter m_exporter{m_performance, m_comparison};
};

} // namespace altiplano::app
