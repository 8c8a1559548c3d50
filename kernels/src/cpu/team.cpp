#include "cpu/team.h"

#include <algorithm>

namespace altiplano::kernels {

bool Team::goesOn() {
    if (!m_run.m_stop.stop_requested()) return true;
    std::uint32_t expected = m_round;
    m_run.m_round.compare_exchange_strong(expected, m_round + 1, std::memory_order_seq_cst);
    m_run.m_round.notify_all();
    return false;
}

void Team::advance() {
    // Not a store: it could still be on its way when the notification looks for who sleeps.
    std::uint32_t expected = m_round;
    if (m_run.m_round.compare_exchange_strong(expected, m_round + 2, std::memory_order_seq_cst))
        m_run.m_round.notify_all();
}

bool Team::count(std::size_t jobs, std::size_t done) {
    const bool last =
        jobs == 0 || (done != 0 && m_run.m_done.add(round(), static_cast<std::uint32_t>(done)) == jobs);
    if (last) advance();
    return last;
}

std::size_t Team::doneByAll() const {
    std::size_t sum = 0;
    for (const SharedRun::Lane& lane : m_run.m_lanes) {
        const std::uint64_t done = lane.done.load(std::memory_order_seq_cst);
        if (done >> 32 == round()) sum += static_cast<std::uint32_t>(done);
    }
    return sum;
}

bool Team::waitedTooLong(Clock::time_point since, std::uint32_t done) const {
    constexpr std::uint32_t kLeastUs = 25, kMostUs = 2000, kJobs = 3;
    if (over()) return false;
    const std::chrono::duration<double, std::micro> took = Clock::now() - since;
    const double us = std::min<double>(kJobs * took.count() / std::max(done, 1u), kMostUs);
    return !Patience::stayAwake(m_run.m_round, m_round, std::max(static_cast<std::uint32_t>(us), kLeastUs));
}

bool Team::meet(std::size_t jobs, std::size_t done) {
    if (!count(jobs, done)) m_run.m_patience.waitWhile(m_run.m_round, m_round);
    const bool stopped = m_run.m_round.load(std::memory_order_acquire) == m_round + 1;
    if (!stopped) m_round += 2;
    return !stopped;
}

} // namespace altiplano::kernels
