#include "chat_controller.h"

#include "answer_request.h"
#include "chats/chat_export.h"
#include "chats/first_words.h"
#include "presets/chat_settings.h"
#include "presets/generation_settings.h"
#include "presets/preset_model.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <chrono>
#include <utility>

namespace altiplano::app {

namespace {

constexpr std::chrono::milliseconds kSaveEvery{500}; // a crash may cost a second of an answer

const QString kOverflow = QStringLiteral("overflow");
const QString kStop = QStringLiteral("stop");

QString jsonText(const QJsonObject& object) {
    return object.isEmpty() ? QString()
                            : QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

} // namespace

ChatController::ChatController(EnginePort& engine, ModelController& model, ChatStore& store,
                               ChatListModel& chats, const PresetModel& presets, QObject* parent)
    : QObject(parent), m_engine(engine), m_model(model), m_store(store), m_chats(chats), m_presets(presets),
      m_titles(engine, model, chats), m_newSettings(freshSettings(presets)) {
    connect(&engine, &EnginePort::answered, this, &ChatController::onAnswered);
    connect(&engine, &EnginePort::dropped, this, &ChatController::onDropped);
    connect(&engine, &EnginePort::finished, this, &ChatController::onFinished);
    connect(&engine, &EnginePort::keyRefused, this, [this](RequestId id) {
        const auto remote = RemoteModel::fromPath(m_model.path());
        if (remote && m_answers.to(id)) m_refusedEndpoint = remote->endpoint;
    });
    connect(&engine, &EnginePort::failed, this, &ChatController::onFailed);
    connect(&model, &ModelController::changed, this, &ChatController::onModelChanged);
    connect(&chats, &ChatListModel::recordChanged, this, &ChatController::onRecordChanged);
    connect(&m_numbers, &AnswerNumbers::changed, this, &ChatController::numbersChanged);
    m_saveTimer.setInterval(kSaveEvery);
    connect(&m_saveTimer, &QTimer::timeout, this, &ChatController::saveAnswers);
}

ChatController::~ChatController() {
    for (OpenAnswer& answer : m_answers)
        answer.message.state = turn::Stopped;
    saveAnswers();
}

bool ChatController::canSend() const {
    return !busy() && !m_opening && m_model.state() != ModelController::None;
}

QString ChatController::title() const {
    const ChatRecord* chat = m_chats.find(m_chat);
    return chat ? chat->title : QString();
}

void ChatController::setTitle(const QString& title) {
    m_chats.rename(m_chat, title);
}

QJsonObject ChatController::settings() const {
    const ChatRecord* chat = m_chats.find(m_chat);
    return chat ? QJsonDocument::fromJson(chat->settings.toUtf8()).object() : m_newSettings;
}

void ChatController::setSettings(const QJsonObject& settings) {
    if (settings == this->settings()) return;
    if (const ChatRecord* known = m_chats.find(m_chat)) {
        ChatRecord chat = *known;
        chat.settings = jsonText(settings);
        m_chats.put(chat);
    } else {
        m_newSettings = settings;
    }
    emit changed();
}

bool ChatController::dropsOldest() const {
    return settings().value(kOverflow).toString() != kStop;
}

void ChatController::setDropsOldest(bool drops) {
    QJsonObject chosen = settings();
    if (drops)
        chosen.remove(kOverflow);
    else
        chosen.insert(kOverflow, kStop);
    setSettings(chosen);
}

void ChatController::send(const QString& text) {
    if (!canSend() || text.trimmed().isEmpty()) return;
    if (m_chat == 0) {
        m_chat = m_store.newId();
        m_deletedOnThePage = 0;
    }
    MessageRecord message;
    message.id = m_store.newId();
    message.chat = m_chat;
    message.parent = m_messages.leaf();
    message.text = text.trimmed();
    message.created = QDateTime::currentMSecsSinceEpoch();
    m_messages.add(message);
    ask(message.id, {message});
}

void ChatController::regenerate(int row) {
    if (row < 0) row = m_messages.rowCount() - 1;
    if (!canSend() || row < 1 || row >= m_messages.rowCount()) return;
    if (m_messages.at(row).sender == turn::Assistant) ask(m_messages.at(row).parent);
}

bool ChatController::canContinue() const {
    if (!canSend() || m_messages.rowCount() == 0) return false;
    const MessageRecord& last = m_messages.at(m_messages.rowCount() - 1);
    return last.sender == turn::Assistant && last.state > turn::Complete && !last.text.isEmpty();
}

void ChatController::continueAnswer() {
    if (!canContinue()) return;
    OpenAnswer answer;
    answer.message = m_messages.at(m_messages.rowCount() - 1);
    answer.message.state = turn::Streaming;
    answer.message.error.clear();
    answer.before = answer.message.figures;
    answer.asked.answerSoFar = answer.message.text.toStdString();
    m_messages.reopen(answer.message.id);
    begin(std::move(answer), {});
}

void ChatController::resume() {
    if (canContinue())
        continueAnswer();
    else
        regenerate();
}

void ChatController::forgetRefusal() {
    m_refusedEndpoint.clear();
    emit changed();
}

void ChatController::edit(int row, const QString& text) {
    if (!canSend() || row < 0 || row >= m_messages.rowCount()) return;
    MessageRecord message = m_messages.at(row);
    if (message.sender != turn::User || text.trimmed().isEmpty() || text.trimmed() == message.text) return;
    message.id = m_store.newId();
    message.text = text.trimmed();
    message.created = QDateTime::currentMSecsSinceEpoch();
    m_messages.add(message);
    ask(message.id, {message});
}

void ChatController::showBranch(int row, int branch) {
    if (busy() || row < 0 || row >= m_messages.rowCount()) return;
    const auto& siblings = m_messages.tree().siblings(m_messages.at(row).id);
    if (branch < 0 || branch >= static_cast<int>(siblings.size())) return;
    m_messages.setLeaf(m_messages.tree().newestLeaf(siblings[static_cast<std::size_t>(branch)]));
    ChatRecord chat = *m_chats.find(m_chat);
    chat.leaf = m_messages.leaf();
    m_chats.put(chat);
}

/// The chat's record with what is said now: a new one for a new chat.
ChatRecord ChatController::touched() const {
    const ChatRecord* known = m_chats.find(m_chat);
    ChatRecord chat = known ? *known : ChatRecord();
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    if (!known) {
        chat.id = m_chat;
        chat.title = firstWords(m_messages.text(0));
        chat.created = now;
        chat.settings = jsonText(m_newSettings);
    }
    chat.changed = now;
    chat.leaf = m_messages.leaf();
    return chat;
}

/// Asks for an answer to that message, once it and what else is to be stored are.
void ChatController::ask(MessageId parent, std::vector<MessageRecord> stored) {
    OpenAnswer answer;
    answer.message.id = m_store.newId();
    answer.message.chat = m_chat;
    answer.message.parent = parent;
    answer.message.sender = turn::Assistant;
    answer.message.state = turn::Waiting;
    answer.message.created = QDateTime::currentMSecsSinceEpoch();
    answer.message.model = m_model.name();
    m_messages.add(answer.message);
    begin(std::move(answer), std::move(stored));
}

void ChatController::begin(OpenAnswer answer, std::vector<MessageRecord> stored) {
    m_titles.giveUp();
    m_refusedEndpoint.clear();
    buildRequest(answer);
    stored.push_back(answer.message);
    m_answers.add(std::move(answer));
    m_numbers.clear(m_messages.rowCount() > 0 ? m_numbers.contextUsed() : 0);
    m_chats.setAnswering(m_chat, true);
    m_chats.put(touched(), stored, this, [this, id = stored.back().id] {
        for (OpenAnswer& a : m_answers)
            if (a.message.id == id) a.stored = true;
        submitWaiting();
    });
    m_saveTimer.start();
    emit changed();
    emit answerBegan();
}

/// Everything before the answer that is due, asked as the chat is set up.
void ChatController::buildRequest(OpenAnswer& answer) const {
    answer.asked.overflow = dropsOldest() ? engine::OverflowPolicy::DropOldest : engine::OverflowPolicy::Stop;
    AskedMessages asked = messagesUpTo(m_messages.tree(), answer.message.parent);
    answer.lastIds = std::move(asked.lastIds);
    answer.asked.messages = std::move(asked.turns);
    const QJsonObject chosen = settings();
    const std::size_t said = answer.asked.messages.size();
    applyGeneration([&](const Setting& setting) { return generationValue(chosen, m_presets, setting); },
                    answer.asked);
    answer.lastIds.insert(answer.lastIds.begin(), answer.asked.messages.size() - said,
                          0); // the system prompt is nobody's message
}

void ChatController::submitWaiting() {
    if (m_model.state() != ModelController::Ready) return;
    for (OpenAnswer& answer : m_answers) {
        if (answer.request != 0 || !answer.stored) continue;
        answer.message.model = m_model.name();
        answer.request = m_engine.submit(std::move(answer.asked));
        if (&answer == m_answers.in(m_chat)) m_numbers.submitted();
    }
}

void ChatController::stop() {
    OpenAnswer* answer = m_answers.in(m_chat);
    if (!answer) return;
    if (answer->request)
        m_engine.stop(answer->request);
    else
        close(*answer, turn::Stopped);
}

void ChatController::newChat() {
    if (m_chat == 0 && !m_opening) return;
    m_opening = 0;
    m_messages.show({}, 0);
    m_newSettings = freshSettings(m_presets);
    setChat(0);
}

void ChatController::openChat(qint64 id, qint64 message) {
    if (!m_chats.find(id)) return;
    m_opening = id;
    m_store.messages(id, this, [this, id, message](std::vector<MessageRecord> messages) {
        if (m_opening == id) onRead(id, message, std::move(messages));
    });
    emit changed();
}

/// An answer under way is newer than what was stored of it.
void ChatController::onRead(ChatId id, MessageId message, std::vector<MessageRecord> messages) {
    m_opening = 0;
    MessageTree tree(std::move(messages));
    if (const OpenAnswer* answer = m_answers.in(id)) tree.put(answer->message);
    const ChatRecord* chat = m_chats.find(id);
    MessageId leaf = chat ? chat->leaf : 0;
    const std::vector<MessageId> path = tree.pathTo(leaf);
    if (message && std::find(path.begin(), path.end(), message) == path.end())
        leaf = tree.newestLeaf(message);
    m_messages.show(std::move(tree), leaf);
    setChat(id);
    if (message) emit messageFound(m_messages.rowOf(message));
}

void ChatController::setChat(ChatId id) {
    m_chat = id;
    const int rows = m_messages.rowCount();
    m_numbers.clear(rows ? m_messages.at(rows - 1).figures.contextUsed : 0);
    emit changed();
}

void ChatController::onModelChanged() {
    submitWaiting();
    if (m_model.state() == ModelController::None)
        while (OpenAnswer* answer = m_answers.notSubmitted())
            close(*answer, turn::Failed, tr("There is no model to answer."));
    emit changed();
}

/// A chat that is deleted leaves the page, and comes back to it when that is undone.
void ChatController::onRecordChanged(ChatId id) {
    const ChatRecord* chat = m_chats.find(id);
    if (chat->deleted) {
        if (OpenAnswer* answer = m_answers.in(id)) {
            if (answer->request) m_engine.stop(answer->request);
            close(*answer, turn::Stopped);
        }
        if (id == m_chat) {
            newChat();
            m_deletedOnThePage = id;
        }
    } else if (id == m_deletedOnThePage && m_chat == 0) {
        m_deletedOnThePage = 0;
        openChat(id);
    }
    if (id == m_chat) emit changed();
}

void ChatController::onAnswered(RequestId id, const AnswerUpdate& update) {
    OpenAnswer* answer = m_answers.to(id);
    if (!answer) return;
    MessageRecord& message = answer->message;
    message.text += update.text;
    if (!message.text.isEmpty()) message.state = turn::Streaming;
    message.figures = figuresOf(answer->before, update);
    answer->fresh = true;
    if (message.chat != m_chat) return;
    m_messages.appendText(message.id, update.text);
    m_numbers.take(update);
}

void ChatController::onDropped(RequestId id, const engine::events::Dropped& what) {
    const OpenAnswer* answer = m_answers.to(id);
    const std::size_t end = std::size_t{what.firstMessage} + what.messages;
    if (answer && answer->message.chat == m_chat && end > 0 && end <= answer->lastIds.size())
        m_messages.forgetBefore(m_messages.rowOf(answer->lastIds[end - 1]) + 1);
}

void ChatController::onFinished(RequestId id, const engine::events::Finished& result) {
    if (OpenAnswer* answer = m_answers.to(id)) close(*answer, stateAfter(result.reason));
}

void ChatController::onFailed(RequestId id, const engine::events::Failed& failure) {
    OpenAnswer* answer = m_answers.to(id);
    if (!answer) return;
    const auto remote = RemoteModel::fromPath(m_model.path());
    close(*answer, turn::Failed,
          remote ? QString::fromStdString(failure.sentence) : FailureWords::of(failure).text());
}

void ChatController::close(OpenAnswer& answer, turn::State state, const QString& error) {
    MessageRecord message = m_answers.take(answer);
    if (m_answers.empty()) m_saveTimer.stop();
    message.state = state;
    message.error = error;
    if (message.chat == m_chat) {
        m_messages.close(message.id, state, message.figures, error);
        considerTitle(message);
    }
    const ChatId chat = message.chat;
    m_chats.setAnswering(chat, false);
    m_store.save({}, {std::move(message)});
    if (chat == m_chat) m_numbers.over();
    emit changed();
    const ChatRecord* other = chat == m_chat ? nullptr : m_chats.find(chat);
    emit answerEnded(state, other ? other->title : QString());
}

void ChatController::considerTitle(const MessageRecord& answer) {
    if (answer.state != turn::Complete || !m_answers.empty()) return;
    if (answer.figures.contextUsed + TitleWriter::kRoomTokens > m_model.contextTokens()) return;
    OpenAnswer asked;
    asked.message.parent = answer.id;
    buildRequest(asked);
    m_titles.consider(answer.chat, std::move(asked.asked.messages));
}

QString ChatController::markdown() const {
    const ChatRecord* chat = m_chats.find(m_chat);
    if (!chat) return {};
    ChatContent content{*chat, m_messages.tree().all()};
    content.chat.leaf = m_messages.leaf();
    return toMarkdown(content);
}

void ChatController::saveAnswers() {
    std::vector<MessageRecord> messages = m_answers.takeFresh();
    if (!messages.empty()) m_store.save({}, std::move(messages));
}

} // namespace altiplano::app
