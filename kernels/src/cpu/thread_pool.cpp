#include "cpu/thread_pool.h"

#include <immintrin.h>

namespace altiplano::kernels {
namespace {

/// Waiting for other threads' work: they are running, so spin first; then let others have the core.
constexpr int kSpins = 5000;
template <typename Done>
void waitUntil(Done done) {
    for (int spins = 0; !done(); ++spins) {
        if (spins < kSpins)
            _mm_pause();
        else
            std::this_thread::yield();
    }
}

} // namespace

bool Team::meet() {
    const std::uint32_t meeting = m_meeting.load(std::memory_order_relaxed);
    if (m_arrived.fetch_add(1, std::memory_order_acq_rel) + 1 == m_threads) {
        m_arrived.store(0, std::memory_order_relaxed);
        m_next.store(0, std::memory_order_relaxed);
        for (Share& share : m_shares)
            share.next.store(0, std::memory_order_relaxed);
        m_goOn = !m_stopped.load(std::memory_order_relaxed);
        m_meeting.store(meeting + 1, std::memory_order_release);
    } else {
        waitUntil([&] { return m_meeting.load(std::memory_order_acquire) != meeting; });
    }
    return m_goOn;
}

ThreadPool::ThreadPool(std::uint32_t threads) {
    try {
        for (std::uint32_t i = 1; i < threads; ++i)
            m_workers.emplace_back([this, i] { workerLoop(i); });
    } catch (...) {
        quit();
        throw;
    }
}

ThreadPool::~ThreadPool() {
    quit();
}

void ThreadPool::quit() {
    m_quit.store(true);
    m_run.fetch_add(1);
    m_run.notify_all();
    for (std::thread& worker : m_workers)
        worker.join();
}

void ThreadPool::run(const Work& work, const std::stop_token& stop) {
    const std::scoped_lock lock(m_running);
    Team team(threads(), stop);
    m_work = &work;
    m_team = &team;
    m_busy.store(threads() - 1, std::memory_order_relaxed);
    m_run.fetch_add(1, std::memory_order_release);
    m_run.notify_all();
    work(team, 0);
    waitUntil([&] { return m_busy.load(std::memory_order_acquire) == 0; });
}

void ThreadPool::workerLoop(std::uint32_t thread) {
    for (std::uint32_t seen = 0;;) {
        for (int spins = 0; spins < kSpins && m_run.load(std::memory_order_relaxed) == seen; ++spins)
            _mm_pause();
        m_run.wait(seen, std::memory_order_acquire);
        seen = m_run.load(std::memory_order_acquire);
        if (m_quit.load()) return;
        (*m_work)(*m_team, thread);
        m_busy.fetch_sub(1, std::memory_order_release);
    }
}

} // namespace altiplano::kernels
