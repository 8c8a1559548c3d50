#include "local_engine.h"

#include "failure_words.h"

#include <algorithm>

namespace altiplano::app {

namespace {

/// Thirty times a second reads as smoothly as sixty.
constexpr qint64 kFrameMs = 33;
/// Where the model runs on the cores that draw, which lose twice what they draw with: fifteen times a second.
/// Of 250 tokens a second each frame then has most of a line, of thirty two or three words.
constexpr qint64 kSharedFrameMs = 66;

template <typename... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};
template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

} // namespace

LocalEngine::LocalEngine(QObject* parent)
    : EnginePort(parent), m_outbox([this] {
          QMetaObject::invokeMethod(this, &LocalEngine::scheduleDelivery, Qt::QueuedConnection);
      }),
      m_worker(m_outbox) {
    m_sinceDelivery.start();
    m_frame.setSingleShot(true);
    m_frame.setTimerType(Qt::PreciseTimer);
    connect(&m_frame, &QTimer::timeout, this, &LocalEngine::deliver);
}

RequestId LocalEngine::submit(engine::GenerationRequest request) {
    m_worker.submit(++m_lastId, std::move(request));
    return m_lastId;
}

RequestId LocalEngine::countTokens(const QString& text) {
    m_worker.countTokens(++m_lastId, text);
    return m_lastId;
}

void LocalEngine::scheduleDelivery() {
    const qint64 frameMs = m_sharesCores ? kSharedFrameMs : kFrameMs;
    m_frame.start(static_cast<int>(std::max<qint64>(0, frameMs - m_sinceDelivery.elapsed())));
}

void LocalEngine::deliver() {
    m_sinceDelivery.restart();
    const auto tell = Overloaded{
        [this](const outgoing::LoadProgress& event) { emit loadProgressed(event.done, event.total); },
        [this](const outgoing::Loaded& event) {
            m_sharesCores = event.info.layersOnGpu < event.info.layers;
            emit loaded(event.info);
        },
        [this](const outgoing::LoadFailed& event) { emit loadFailed(event.failure); },
        [this](const outgoing::Unloaded&) { emit unloaded(); },
        [this](const outgoing::ComparisonProgress& event) {
            emit comparisonProgressed(event.done, event.total);
        },
        [this](const outgoing::Measured& event) { emit measured(event.settings, event.row); },
        [this](const outgoing::ComparisonEnded& event) {
            emit comparisonEnded(event.failure ? FailureWords::of(*event.failure).text() : QString());
        },
        [this](const outgoing::Update& event) { emit answered(event.id, event.update); },
        [this](const outgoing::Dropped& event) { emit dropped(event.id, event.what); },
        [this](const outgoing::Finished& event) { emit finished(event.id, event.result); },
        [this](const outgoing::Counted& event) { emit counted(event.id, event.tokens); },
        [this](const outgoing::Failed& event) { emit failed(event.id, event.failure); },
    };
    for (const EngineEvent& event : m_outbox.takeAll())
        std::visit(tell, event);
}

} // namespace altiplano::app
