#pragma once

#include "answer_reader.h"
#include "api_client.h"
#include "engine_port.h"
#include "remote_failure.h"
#include "sse_parser.h"

#include <QElapsedTimer>
#include <QNetworkReply>
#include <QObject>
#include <QPointer>
#include <QTimer>

namespace altiplano::app {

/// One answer, as it streams in. Emits updates at most once a frame, then one finished or failed, never from
/// inside a call. GUI thread only.
class ChatStream : public QObject {
    Q_OBJECT
public:
    ChatStream(const RemoteTimes& times, QObject* parent);
    ~ChatStream() override;

    /// Reads this reply, which it deletes in the end, to the request for a model of the endpoint.
    void begin(QNetworkReply* reply, const Endpoint& endpoint, const QString& model, bool withKey);
    void stop();                             ///< the connection ends at once; also before begin
    void fail(const RemoteFailure& failure); ///< what came is kept
    bool isOver() const { return m_over; }

signals:
    void updated(const altiplano::app::AnswerUpdate& update);
    void finished(const altiplano::engine::events::Finished& result);
    void keyRefused(); ///< failed follows
    void failed(const altiplano::engine::events::Failed& failure);

private:
    void await(std::chrono::seconds time, RemoteFailure (*failure)(int, const Endpoint&));
    void onBytes();
    void onEvents(const std::vector<SseEvent>& events);
    void onReplyEnded();
    void readWhole();
    void conclude(); ///< all came that will come
    void finish(engine::FinishReason reason);
    void close(); ///< nothing more is heard of the reply; what came is told
    void tell();
    bool succeeded() const;
    bool isStream() const;

    RemoteTimes m_times;
    QPointer<QNetworkReply> m_reply; ///< null, too, once the client is gone
    Endpoint m_endpoint;
    QString m_model;
    bool m_withKey = false;
    bool m_over = false;
    bool m_done = false; ///< [DONE] came
    QByteArray m_body;   ///< of anything that is no stream
    SseParser m_parser;
    AnswerReader m_answer;
    QElapsedTimer m_clock;
    QTimer m_patience, m_frame;
    RemoteFailure (*m_outOfPatience)(int, const Endpoint&) = nullptr;
};

} // namespace altiplano::app
