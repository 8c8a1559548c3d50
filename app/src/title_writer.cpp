#include "title_writer.h"

#include <QRegularExpression>

#include <chrono>

namespace altiplano::app {

namespace {

constexpr std::chrono::milliseconds kIdle{1500};
constexpr quint64 kFewestParameters = 500'000'000;
constexpr std::uint32_t kMostTokens = 24;
constexpr const char* kQuestion =
    "Give this conversation a title of two to six words, in the language of the "
    "conversation. Answer with the title only.";

} // namespace

TitleWriter::TitleWriter(EnginePort& engine, const ModelController& model, ChatListModel& chats,
                         QObject* parent)
    : QObject(parent), m_engine(engine), m_model(model), m_chats(chats) {
    m_idle.setSingleShot(true);
    m_idle.setInterval(kIdle);
    connect(&m_idle, &QTimer::timeout, this, &TitleWriter::submit);
    connect(&engine, &EnginePort::answered, this, [this](RequestId id, const AnswerUpdate& update) {
        if (id == m_request) m_answer += update.text;
    });
    connect(&engine, &EnginePort::finished, this,
            [this](RequestId id, const engine::events::Finished& result) {
                onEnded(id, result.reason == engine::FinishReason::EndOfTurn);
            });
    connect(&engine, &EnginePort::failed, this, [this](RequestId id) { onEnded(id, false); });
}

void TitleWriter::consider(ChatId chat, std::vector<engine::ChatMessage> conversation) {
    giveUp();
    const ChatRecord* record = m_chats.find(chat);
    if (!record || record->titleSource != ChatRecord::FirstWords || m_asked.contains(chat) ||
        m_model.parameters() < kFewestParameters)
        return;
    m_chat = chat;
    m_conversation = std::move(conversation);
    m_idle.start();
}

void TitleWriter::giveUp() {
    m_idle.stop();
    if (m_request) m_engine.stop(std::exchange(m_request, 0));
}

void TitleWriter::submit() {
    if (m_model.state() != ModelController::Ready) return;
    engine::GenerationRequest request;
    request.messages = std::move(m_conversation);
    request.messages.push_back({"user", kQuestion});
    request.maxTokens = kMostTokens;
    request.sampling.temperature = 0;
    m_answer.clear();
    m_request = m_engine.submit(std::move(request));
    emit submitted(m_request);
}

void TitleWriter::onEnded(RequestId id, bool whole) {
    if (id != m_request || m_request == 0) return;
    m_request = 0;
    m_asked.insert(m_chat);
    const ChatRecord* record = m_chats.find(m_chat);
    const QString title = whole ? titleIn(m_answer) : QString();
    if (title.isEmpty() || !record || record->titleSource != ChatRecord::FirstWords) return;
    ChatRecord titled = *record;
    titled.title = title;
    titled.titleSource = ChatRecord::Model;
    m_chats.put(titled);
}

QString TitleWriter::titleIn(const QString& answer) {
    static const QRegularExpression thought(QStringLiteral("<think>.*?(</think>|$)"),
                                            QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression around(
        QStringLiteral("^(title\\s*:)?[\\s\"'“”„«»*#`_]+|[\\s\"'“”«»*`_.]+$|^title\\s*:\\s*"),
        QRegularExpression::CaseInsensitiveOption);
    QString text = QString(answer).remove(thought).trimmed().section(u'\n', 0, 0);
    for (QString before; before != text;) {
        before = text;
        text.remove(around);
    }
    text = text.simplified();
    constexpr qsizetype kShortest = 2, kLongest = 60;
    return text.size() >= kShortest && text.size() <= kLongest ? text : QString();
}

} // namespace altiplano::app
