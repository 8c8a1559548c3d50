#pragma once

#include <QByteArray>

#include <vector>

namespace altiplano::app {

/// One server-sent event.
struct SseEvent {
    QByteArray type; ///< of its "event:" line; empty: none
    QByteArray data; ///< its "data:" lines, joined by line feeds
    bool operator==(const SseEvent&) const = default;
};

/// Cuts a byte stream into server-sent events (HTML standard, 9.2.6), wherever the network cut it: lines end
/// with LF, CR or CRLF, comments are skipped. A line "error: …", as older llama-servers send it, counts as
/// the data of an event of the type "error".
class SseParser {
public:
    /// A single event that grows beyond this is not kept.
    static constexpr qsizetype kMostBytes = qsizetype{8} << 20;

    /// The events that are complete with these bytes.
    std::vector<SseEvent> feed(const QByteArray& bytes);

    /// The stream is over: an event that only lacks the empty line after it.
    std::vector<SseEvent> end();

    bool overflowed() const { return m_overflowed; } ///< nothing more is read

private:
    void takeLine(std::vector<SseEvent>& events);
    void dispatch(std::vector<SseEvent>& events);

    QByteArray m_line;
    SseEvent m_event;
    bool m_hasData = false;
    bool m_afterCr = false;
    bool m_first = true; ///< no line was read yet: it may begin with a byte order mark
    bool m_overflowed = false;
};

} // namespace altiplano::app
