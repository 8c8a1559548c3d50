#pragma once

#include <QtGlobal>

#include <algorithm>
#include <atomic>
#include <chrono>

namespace altiplano::app {

/// Ids of chats and messages: microseconds since 1970, each greater than the one before. Thread-safe.
class IdSource {
public:
    qint64 next() {
        using namespace std::chrono;
        const qint64 now = duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
        qint64 last = m_last.load();
        qint64 id = 0;
        do
            id = std::max(now, last + 1);
        while (!m_last.compare_exchange_weak(last, id));
        return id;
    }

private:
    std::atomic<qint64> m_last = 0;
};

} // namespace altiplano::app
