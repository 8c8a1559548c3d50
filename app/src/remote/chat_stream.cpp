#include "chat_stream.h"

#include <QJsonDocument>

#include <utility>

namespace altiplano::app {

namespace {

constexpr std::chrono::milliseconds kFrame{33}; // as LocalEngine has it
constexpr std::chrono::seconds kGoodbye{3};     // for the counts that come after the last text
constexpr qsizetype kMostBody = qsizetype{8} << 20;

QByteArray contentTypeOf(const QNetworkReply& reply) {
    return reply.header(QNetworkRequest::ContentTypeHeader).toByteArray().toLower();
}

} // namespace

ChatStream::ChatStream(const RemoteTimes& times, QObject* parent) : QObject(parent), m_times(times) {
    m_clock.start();
    m_frame.setSingleShot(true);
    m_frame.setInterval(kFrame);
    connect(&m_frame, &QTimer::timeout, this, &ChatStream::tell);
    m_patience.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        if (m_done || m_answer.reason()) return conclude(); // a server that leaves the connection open
        fail(m_outOfPatience(m_patience.interval() / 1000, m_endpoint));
    });
}

ChatStream::~ChatStream() {
    m_over = true;
    close();
}

void ChatStream::begin(QNetworkReply* reply, const Endpoint& endpoint, const QString& model, bool withKey) {
    m_reply = reply;
    m_endpoint = endpoint;
    m_model = model;
    m_withKey = withKey;
    connect(reply, &QNetworkReply::readyRead, this, &ChatStream::onBytes);
    connect(reply, &QNetworkReply::finished, this, &ChatStream::onReplyEnded);
    connect(reply, &QNetworkReply::requestSent, this,
            [this] { await(m_times.firstToken, &RemoteFailure::noAnswerWithin); });
    await(m_times.connect, &RemoteFailure::noConnectionWithin);
}

void ChatStream::await(std::chrono::seconds time, RemoteFailure (*failure)(int, const Endpoint&)) {
    m_outOfPatience = failure;
    m_patience.start(time);
}

bool ChatStream::succeeded() const {
    return m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() == 200;
}

bool ChatStream::isStream() const {
    return succeeded() && contentTypeOf(*m_reply).startsWith("text/event-stream");
}

void ChatStream::onBytes() {
    const QByteArray bytes = m_reply->readAll();
    if (isStream())
        onEvents(m_parser.feed(bytes));
    else if (m_body.size() < kMostBody)
        m_body += bytes;
    if (m_over) return;
    if (m_parser.overflowed()) return fail(RemoteFailure::notTheApi({}, {}, m_endpoint));
    if (m_done || m_answer.reason())
        await(kGoodbye, &RemoteFailure::stalled);
    else if (m_answer.hasText())
        await(m_times.stall, &RemoteFailure::stalled);
}

void ChatStream::onEvents(const std::vector<SseEvent>& events) {
    for (const SseEvent& event : events) {
        if (event.data.trimmed() == "[DONE]") {
            m_done = true;
            continue;
        }
        const QJsonObject chunk = QJsonDocument::fromJson(event.data).object();
        if (event.type == "error" || chunk.contains(QStringLiteral("error")))
            return fail(RemoteFailure::midway(serverMessage(event.data), m_endpoint));
        m_answer.read(chunk, m_clock.nsecsElapsed());
    }
    if (!events.empty() && !m_frame.isActive()) m_frame.start();
}

/// Servers that were told to stream and do not.
void ChatStream::readWhole() {
    const QJsonObject whole = QJsonDocument::fromJson(m_body).object();
    if (whole.value(QStringLiteral("choices")).isArray())
        m_answer.read(whole, m_clock.nsecsElapsed());
    else if (!serverMessage(m_body).isEmpty())
        fail(RemoteFailure::midway(serverMessage(m_body), m_endpoint));
    else
        fail(RemoteFailure::notTheApi(contentTypeOf(*m_reply), m_body, m_endpoint));
}

void ChatStream::onReplyEnded() {
    onBytes();
    if (m_over) return;
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status == 0)
        return fail(RemoteFailure::connection(m_reply->error(), m_reply->errorString(), m_endpoint));
    if (!succeeded()) return fail(RemoteFailure::status(*m_reply, m_body, m_endpoint, m_model, m_withKey));
    if (isStream())
        onEvents(m_parser.end());
    else if (m_reply->error() == QNetworkReply::NoError)
        readWhole();
    if (!m_over) conclude();
}

void ChatStream::conclude() {
    if (m_answer.filtered()) return fail(RemoteFailure::filtered(m_endpoint));
    if (m_answer.reason()) return finish(*m_answer.reason());
    if (m_done) return finish(engine::FinishReason::EndOfTurn);
    fail(RemoteFailure::brokeOff(m_endpoint));
}

void ChatStream::tell() {
    AnswerUpdate update = m_answer.numbers();
    update.text = m_answer.takeText();
    emit updated(update);
}

void ChatStream::close() {
    m_patience.stop();
    m_frame.stop();
    if (!m_reply) return;
    m_reply->disconnect(this);
    m_reply->abort();
    m_reply->deleteLater();
    m_reply = nullptr;
}

void ChatStream::stop() {
    if (!m_over) finish(engine::FinishReason::Stopped);
}

void ChatStream::finish(engine::FinishReason reason) {
    m_over = true;
    close();
    if (reason == engine::FinishReason::EndOfTurn) m_answer.end();
    engine::events::Finished result;
    result.reason = reason;
    result.timings = m_answer.timings();
    QMetaObject::invokeMethod(
        this,
        [this, result] {
            tell();
            emit finished(result);
        },
        Qt::QueuedConnection);
}

void ChatStream::fail(const RemoteFailure& failure) {
    if (std::exchange(m_over, true)) return;
    close();
    QMetaObject::invokeMethod(
        this,
        [this, failure] {
            tell();
            if (failure.cause == RemoteFailure::Key) emit keyRefused();
            emit failed({engine::ErrorCode::Device, failure.sentence.toStdString()});
        },
        Qt::QueuedConnection);
}

} // namespace altiplano::app
