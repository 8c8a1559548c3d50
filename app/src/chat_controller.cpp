#include "chat_controller.h"

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

constexpr std::chrono::milliseconds kLongReading{500};
constexpr std::chrono::milliseconds kSaveEvery{500}; // a crash may cost a second of an answer
constexpr double kNsPerSecond = 1e9;

turn::State stateAfter(engine::FinishReason reason) {
    switch (reason) {
    case engine::FinishReason::Stopped:
        return turn::Stopped;
    case engine::FinishReason::ContextFull:
        return turn::Full;
    case engine::FinishReason::Length:
        return turn::Cut;
    default:
        return turn::Complete;
    }
}

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
        if (remote && answerTo(id)) m_refusedEndpoint = remote->endpoint;
    });
    connect(&engine, &EnginePort::failed, this, &ChatController::onFailed);
    connect(&model, &ModelController::changed, this, &ChatController::onModelChanged);
    connect(&chats, &ChatListModel::recordChanged, this, &ChatController::onRecordChanged);
    m_readingTimer.setSingleShot(true);
    m_readingTimer.setInterval(kLongReading);
    connect(&m_readingTimer, &QTimer::timeout, this, [this] {
        m_readingLong = true;
        emit numbersChanged();
    });
    m_saveTimer.setInterval(kSaveEvery);
    connect(&m_saveTimer, &QTimer::timeout, this, &ChatController::saveAnswers);
}

ChatController::~ChatController() {
    for (Answer& answer : m_answers)
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
    Answer answer;
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
    Answer answer;
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

void ChatController::begin(Answer answer, std::vector<MessageRecord> stored) {
    m_titles.giveUp();
    m_refusedEndpoint.clear();
    buildRequest(answer);
    stored.push_back(answer.message);
    m_answers.push_back(std::move(answer));
    clearNumbers();
    m_chats.setAnswering(m_chat, true);
    m_chats.put(touched(), stored, this, [this, id = stored.back().id] {
        for (Answer& a : m_answers)
            if (a.message.id == id) a.stored = true;
        submitWaiting();
    });
    m_saveTimer.start();
    emit changed();
    emit answerBegan();
}

/// Everything before the answer that is due. An answer without text is left out and what the user said around
/// it becomes one message, since many templates insist on turns.
void ChatController::buildRequest(Answer& answer) const {
    answer.asked.overflow = dropsOldest() ? engine::OverflowPolicy::DropOldest : engine::OverflowPolicy::Stop;
    auto& turns = answer.asked.messages;
    for (const MessageId id : m_messages.tree().pathTo(answer.message.parent)) {
        const MessageRecord& said = *m_messages.tree().find(id);
        if (said.text.isEmpty()) continue;
        const std::string role = said.sender == turn::User ? "user" : "assistant";
        if (turns.empty() || turns.back().role != role) {
            turns.push_back({role, said.text.toStdString()});
            answer.lastIds.push_back(id);
        } else {
            turns.back().content += "\n\n" + said.text.toStdString();
            answer.lastIds.back() = id;
        }
    }
    const QJsonObject chosen = settings();
    const std::size_t said = turns.size();
    applyGeneration([&](const Setting& setting) { return generationValue(chosen, m_presets, setting); },
                    answer.asked);
    answer.lastIds.insert(answer.lastIds.begin(), turns.size() - said,
                          0); // the system prompt is nobody's message
}

void ChatController::submitWaiting() {
    if (m_model.state() != ModelController::Ready) return;
    for (Answer& answer : m_answers) {
        if (answer.request != 0 || !answer.stored) continue;
        answer.message.model = m_model.name();
        answer.request = m_engine.submit(std::move(answer.asked));
        if (&answer == visibleAnswer()) m_readingTimer.start();
    }
}

void ChatController::stop() {
    Answer* answer = answerIn(m_chat);
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
    if (const Answer* answer = answerIn(id)) tree.put(answer->message);
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
    clearNumbers();
    if (const int rows = m_messages.rowCount()) m_contextUsed = m_messages.at(rows - 1).figures.contextUsed;
    emit numbersChanged();
    emit changed();
}

ChatController::Answer* ChatController::answerTo(RequestId id) {
    const auto found = std::find_if(m_answers.begin(), m_answers.end(),
                                    [&](const Answer& answer) { return id != 0 && answer.request == id; });
    return found == m_answers.end() ? nullptr : &*found;
}

ChatController::Answer* ChatController::answerIn(ChatId chat) {
    const auto found = std::find_if(m_answers.begin(), m_answers.end(),
                                    [&](const Answer& answer) { return answer.message.chat == chat; });
    return found == m_answers.end() ? nullptr : &*found;
}

const ChatController::Answer* ChatController::visibleAnswer() const {
    return const_cast<ChatController*>(this)->answerIn(m_chat);
}

void ChatController::onModelChanged() {
    submitWaiting();
    if (m_model.state() == ModelController::None)
        for (std::size_t i = m_answers.size(); i-- > 0;)
            if (m_answers[i].request == 0)
                close(m_answers[i], turn::Failed, tr("There is no model to answer."));
    emit changed();
}

/// A chat that is deleted leaves the page, and comes back to it when that is undone.
void ChatController::onRecordChanged(ChatId id) {
    const ChatRecord* chat = m_chats.find(id);
    if (chat->deleted) {
        if (Answer* answer = answerIn(id)) {
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
    Answer* answer = answerTo(id);
    if (!answer) return;
    MessageRecord& message = answer->message;
    message.text += update.text;
    if (!message.text.isEmpty()) message.state = turn::Streaming;
    const AnswerFigures& before = answer->before;
    message.figures.tokens = before.tokens + static_cast<qint32>(update.tokens);
    message.figures.firstTokenNs = before.tokens ? before.firstTokenNs : update.firstTokenNs;
    message.figures.decodeNs = before.decodeNs + update.decodeNs;
    message.figures.contextUsed = static_cast<qint32>(update.contextUsed);
    answer->fresh = true;
    if (message.chat != m_chat) return;
    m_messages.appendText(message.id, update.text);
    takeNumbers(update);
}

void ChatController::takeNumbers(const AnswerUpdate& update) {
    m_promptDone = static_cast<int>(update.promptDone);
    m_promptTotal = static_cast<int>(update.promptTotal);
    m_firstTokenSeconds = static_cast<double>(update.firstTokenNs) / kNsPerSecond;
    if (update.tokens > 1 && update.decodeNs > 0)
        m_tokensPerSecond = (update.tokens - 1) * kNsPerSecond / static_cast<double>(update.decodeNs);
    if (update.contextUsed) m_contextUsed = static_cast<int>(update.contextUsed);
    if (update.tokens) {
        m_readingTimer.stop();
        m_readingLong = false;
    }
    emit numbersChanged();
}

void ChatController::onDropped(RequestId id, const engine::events::Dropped& what) {
    const Answer* answer = answerTo(id);
    const std::size_t end = std::size_t{what.firstMessage} + what.messages;
    if (answer && answer->message.chat == m_chat && end > 0 && end <= answer->lastIds.size())
        m_messages.forgetBefore(m_messages.rowOf(answer->lastIds[end - 1]) + 1);
}

void ChatController::onFinished(RequestId id, const engine::events::Finished& result) {
    if (Answer* answer = answerTo(id)) close(*answer, stateAfter(result.reason));
}

void ChatController::onFailed(RequestId id, const engine::events::Failed& failure) {
    Answer* answer = answerTo(id);
    if (!answer) return;
    const auto remote = RemoteModel::fromPath(m_model.path());
    close(*answer, turn::Failed,
          remote ? QString::fromStdString(failure.sentence) : FailureWords::of(failure).text());
}

void ChatController::close(Answer& answer, turn::State state, const QString& error) {
    MessageRecord message = std::move(answer.message);
    std::erase_if(m_answers, [&](const Answer& a) { return &a == &answer; });
    if (m_answers.empty()) m_saveTimer.stop();
    message.state = state;
    message.error = error;
    if (message.chat == m_chat) {
        m_readingTimer.stop();
        m_readingLong = false;
        m_messages.close(message.id, state, message.figures, error);
        considerTitle(message);
    }
    const ChatId chat = message.chat;
    m_chats.setAnswering(chat, false);
    m_store.save({}, {std::move(message)});
    emit numbersChanged();
    emit changed();
    const ChatRecord* other = chat == m_chat ? nullptr : m_chats.find(chat);
    emit answerEnded(state, other ? other->title : QString());
}

void ChatController::considerTitle(const MessageRecord& answer) {
    if (answer.state != turn::Complete || !m_answers.empty()) return;
    if (answer.figures.contextUsed + TitleWriter::kRoomTokens > m_model.contextTokens()) return;
    Answer asked;
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
    std::vector<MessageRecord> messages;
    for (Answer& answer : m_answers)
        if (std::exchange(answer.fresh, false) || answer.message.state == turn::Stopped)
            messages.push_back(answer.message);
    if (!messages.empty()) m_store.save({}, std::move(messages));
}

void ChatController::clearNumbers() {
    m_tokensPerSecond = m_firstTokenSeconds = 0;
    m_promptDone = m_promptTotal = 0;
    m_contextUsed = m_messages.rowCount() > 0 ? m_contextUsed : 0;
    m_readingTimer.stop();
    m_readingLong = false;
    emit numbersChanged();
}

} // namespace altiplano::app
