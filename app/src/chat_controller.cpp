#include "chat_controller.h"

#include <chrono>
#include <utility>

namespace altiplano::app {

namespace {

constexpr std::chrono::milliseconds kLongReading{500};
constexpr double kNsPerSecond = 1e9;

MessageModel::State stateAfter(engine::FinishReason reason) {
    switch (reason) {
    case engine::FinishReason::Stopped:
        return MessageModel::Stopped;
    case engine::FinishReason::ContextFull:
        return MessageModel::Full;
    case engine::FinishReason::Length:
        return MessageModel::Cut;
    default:
        return MessageModel::Complete;
    }
}

} // namespace

ChatController::ChatController(EnginePort& engine, ModelController& model, QObject* parent)
    : QObject(parent), m_engine(engine), m_model(model) {
    connect(&engine, &EnginePort::answered, this, &ChatController::onAnswered);
    connect(&engine, &EnginePort::dropped, this, &ChatController::onDropped);
    connect(&engine, &EnginePort::finished, this, &ChatController::onFinished);
    connect(&engine, &EnginePort::failed, this, &ChatController::onFailed);
    connect(&model, &ModelController::changed, this, &ChatController::onModelChanged);
    m_readingTimer.setSingleShot(true);
    m_readingTimer.setInterval(kLongReading);
    connect(&m_readingTimer, &QTimer::timeout, this, [this] {
        m_readingLong = true;
        emit numbersChanged();
    });
}

bool ChatController::canSend() const {
    return !m_answering && m_model.state() != ModelController::None;
}

QString ChatController::title() const {
    return m_messages.text(0).simplified().left(80);
}

void ChatController::send(const QString& text) {
    if (!canSend() || text.trimmed().isEmpty()) return;
    m_previous.clear();
    m_messages.addUserMessage(text.trimmed());
    ask();
}

void ChatController::regenerate() {
    if (!canSend() || m_messages.rowCount() < 2) return;
    m_messages.removeLast();
    ask();
}

void ChatController::ask() {
    m_messages.addAnswer();
    m_answering = true;
    if (m_model.state() == ModelController::Ready) submit();
    emit changed();
}

void ChatController::submit() {
    clearNumbers();
    m_request = m_engine.submit(request());
    m_readingTimer.start();
}

/// Everything before the answer that is due. An answer without text is left out and what the user said around
/// it becomes one message, since many templates insist on turns.
engine::GenerationRequest ChatController::request() {
    engine::GenerationRequest request;
    request.overflow = engine::OverflowPolicy::DropOldest;
    m_rowAfter.clear();
    const auto& all = m_messages.messages();
    for (std::size_t row = 0; row + 1 < all.size(); ++row) {
        if (all[row].text.isEmpty()) continue;
        const std::string role = all[row].sender == MessageModel::User ? "user" : "assistant";
        if (request.messages.empty() || request.messages.back().role != role) {
            request.messages.push_back({role, all[row].text.toStdString()});
            m_rowAfter.push_back(0);
        } else {
            request.messages.back().content += "\n\n" + all[row].text.toStdString();
        }
        m_rowAfter.back() = static_cast<int>(row) + 1;
    }
    return request;
}

void ChatController::stop() {
    if (!m_answering) return;
    if (m_request)
        m_engine.stop(m_request);
    else
        close(MessageModel::Stopped);
}

void ChatController::newChat() {
    if (m_messages.rowCount() == 0) return;
    if (m_answering) {
        if (m_request) m_engine.stop(m_request);
        close(MessageModel::Stopped);
    }
    m_previous = m_messages.takeAll();
    m_previousContextUsed = m_contextUsed;
    clearNumbers();
    emit changed();
}

void ChatController::bringBack() {
    if (!canBringBack()) return;
    m_messages.restore(std::exchange(m_previous, {}));
    m_contextUsed = m_previousContextUsed;
    emit numbersChanged();
    emit changed();
}

void ChatController::onModelChanged() {
    if (m_answering && !m_request) {
        if (m_model.state() == ModelController::Ready) submit();
        if (m_model.state() == ModelController::None)
            close(MessageModel::Failed, tr("There is no model to answer."));
    }
    emit changed();
}

void ChatController::onAnswered(RequestId id, const AnswerUpdate& update) {
    if (id != m_request) return;
    m_messages.appendText(update.text);
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
    const std::size_t end = std::size_t{what.firstMessage} + what.messages;
    if (id == m_request && end > 0 && end <= m_rowAfter.size()) m_messages.forgetBefore(m_rowAfter[end - 1]);
}

void ChatController::onFinished(RequestId id, const engine::events::Finished& result) {
    if (id == m_request) close(stateAfter(result.reason));
}

void ChatController::onFailed(RequestId id, const engine::events::Failed& failure) {
    if (id == m_request) close(MessageModel::Failed, QString::fromStdString(failure.sentence));
}

void ChatController::close(MessageModel::State state, const QString& error) {
    m_request = 0;
    m_answering = false;
    m_readingTimer.stop();
    m_readingLong = false;
    m_messages.closeAnswer(state, error);
    emit numbersChanged();
    emit changed();
}

void ChatController::clearNumbers() {
    m_tokensPerSecond = m_firstTokenSeconds = 0;
    m_promptDone = m_promptTotal = 0;
    m_contextUsed = m_messages.rowCount() > 0 ? m_contextUsed : 0;
    emit numbersChanged();
}

} // namespace altiplano::app
