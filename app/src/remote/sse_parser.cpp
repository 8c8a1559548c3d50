#include "sse_parser.h"

#include <utility>

namespace altiplano::app {

std::vector<SseEvent> SseParser::feed(const QByteArray& bytes) {
    std::vector<SseEvent> events;
    for (const char c : bytes) {
        if (m_overflowed) break;
        const bool restOfCrLf = c == '\n' && std::exchange(m_afterCr, false);
        if (restOfCrLf) continue;
        m_afterCr = c == '\r';
        if (c == '\n' || c == '\r')
            takeLine(events);
        else
            m_line.append(c);
        m_overflowed = m_line.size() + m_event.data.size() > kMostBytes;
    }
    return events;
}

std::vector<SseEvent> SseParser::end() {
    std::vector<SseEvent> events;
    if (!m_line.isEmpty()) takeLine(events);
    dispatch(events);
    return events;
}

void SseParser::takeLine(std::vector<SseEvent>& events) {
    QByteArray line = std::exchange(m_line, {});
    if (std::exchange(m_first, false) && line.startsWith("\xEF\xBB\xBF")) line.remove(0, 3);
    if (line.isEmpty()) return dispatch(events);
    const qsizetype colon = line.indexOf(':');
    const QByteArray field = colon < 0 ? line : line.left(colon);
    QByteArray value = colon < 0 ? QByteArray() : line.mid(colon + 1);
    if (value.startsWith(' ')) value.remove(0, 1);
    if (field == "event") m_event.type = value;
    if (field == "error") m_event.type = field;
    if (field != "data" && field != "error") return;
    if (std::exchange(m_hasData, true)) m_event.data += '\n';
    m_event.data += value;
}

void SseParser::dispatch(std::vector<SseEvent>& events) {
    SseEvent event = std::exchange(m_event, {});
    if (std::exchange(m_hasData, false)) events.push_back(std::move(event));
}

} // namespace altiplano::app
