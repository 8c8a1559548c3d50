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
#include "performance_model.h"

#include <QObject>
#include <QtQml/qqmlregistration.h>

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
    Q_PROPERTY(bool enterSends READ enterSends WRITE setEnterSends NOTIFY enterSendsChanged)
    Q_PROPERTY(ModelController* model READ model CONSTANT)
    Q_PROPERTY(ModelLibrary* library READ library CONSTANT)
    Q_PROPERTY(DownloadListModel* downloads READ downloads CONSTANT)
    Q_PROPERTY(PerformanceModel* performance READ performance CONSTANT)
    Q_PROPERTY(Comparison* comparison READ comparison CONSTANT)
    Q_PROPERTY(Exporter* exporter READ exporter CONSTANT)
    Q_PROPERTY(Appearance* appearance READ appearance CONSTANT)
public:
    AppContext(EnginePort& engine, Settings& settings)
        : m_settings(settings), m_store(settings.dataFolder()), m_chats(m_store), m_model(engine, settings),
          m_library(settings), m_chat(engine, m_model, m_store, m_chats), m_draft(engine),
          m_performance(engine),
          m_comparison(engine, settings.dataFolder() + QStringLiteral("/measurements")) {
        connect(&m_chat.titles(), &TitleWriter::submitted, &m_performance, &PerformanceModel::ignore);
        connect(&m_comparison, &Comparison::settingsChosen, &m_model, &ModelController::setEngineSettings);
    }

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
    bool enterSends() const { return m_settings.enterSends(); }
    void setEnterSends(bool sends) {
        m_settings.setEnterSends(sends);
        emit enterSendsChanged();
    }
    ModelController* model() { return &m_model; }
    ModelLibrary* library() { return &m_library; }
    DownloadListModel* downloads() { return &m_downloads; }
    PerformanceModel* performance() { return &m_performance; }
    Comparison* comparison() { return &m_comparison; }
    Exporter* exporter() { return &m_exporter; }
    Appearance* appearance() { return &m_appearance; }

    Q_INVOKABLE static void copy(const QString& text);       ///< to the clipboard
    Q_INVOKABLE static void openLink(const QString& target); ///< in the browser, if it is a safe one

signals:
    void enterSendsChanged();
    void sidebarShownChanged();

private:
    Settings& m_settings;
    Appearance m_appearance;
    ChatStore m_store;
    ChatListModel m_chats;
    ChatTransfer m_transfer{m_store, m_chats};
    ModelController m_model;
    ModelLibrary m_library;
    ChatController m_chat;
    Draft m_draft;
    DownloadListModel m_downloads{m_settings, m_library.ownFolder()};
    PerformanceModel m_performance;
    Comparison m_comparison;
    Exporter m_exporter{m_performance, m_comparison};
};

} // namespace altiplano::app
