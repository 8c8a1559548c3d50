#include "cpu/thread_pool.h"

#include <algorithm>
#include <chrono>
#include <immintrin.h>

namespace altiplano::kernels {

bool Patience::stayAwake(const std::atomic<std::uint32_t>& value, std::uint32_t old,
                         std::uint32_t microseconds) {
    using Clock = std::chrono::steady_clock;
    const auto changed = [&] { return value.load(std::memory_order_acquire) != old; };
    if (changed()) return true;
    const auto end = Clock::now() + std::chrono::microseconds(microseconds);
    do {
        for (int i = 0; i < 4; ++i) {
            _mm_pause();
            if (changed()) return true;
        }
    } while (Clock::now() < end);
    return false;
}

void Patience::waitWhile(const std::atomic<std::uint32_t>& value, std::uint32_t old) {
    if (value.load(std::memory_order_acquire) != old) return;
    const std::uint32_t microseconds = m_microseconds.load(std::memory_order_relaxed);
    if (stayAwake(value, old, microseconds)) {
        if (microseconds < kMost) m_microseconds.store(2 * microseconds, std::memory_order_relaxed);
    } else {
        m_microseconds.store(std::max(microseconds / 4, kLeast), std::memory_order_relaxed);
        value.wait(old, std::memory_order_acquire);
    }
}

void Patience::waitForRun(const std::atomic<std::uint32_t>& run, std::uint32_t old) const {
    if (!stayAwake(run, old, m_microseconds.load(std::memory_order_relaxed)))
        run.wait(old, std::memory_order_acquire);
}

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
        const std::uint64_t done = lane.done.load(std::memory_order_acquire);
        if (done >> 32 == round()) sum += static_cast<std::uint32_t>(done);
    }
    return sum;
}

bool Team::waitedTooLong() const {
    constexpr std::uint32_t kMicroseconds = 25; // a job takes less
    return !Patience::stayAwake(m_run.m_round, m_round, kMicroseconds);
}

bool Team::meet(std::size_t jobs, std::size_t done) {
    if (!count(jobs, done)) m_run.m_patience.waitWhile(m_run.m_round, m_round);
    const bool stopped = m_run.m_round.load(std::memory_order_acquire) == m_round + 1;
    if (!stopped) m_round += 2;
    return !stopped;
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
    m_started.fetch_add(1);
    m_started.notify_all();
    for (std::thread& worker : m_workers)
        worker.join();
}

std::shared_ptr<ThreadPool::Run> ThreadPool::start(Work work, const std::stop_token& stop) {
    const auto run = std::make_shared<Run>(std::move(work), stop, *this);
    {
        const std::scoped_lock lock(m_changing);
        m_run = run;
        m_started.fetch_add(1, std::memory_order_release);
    }
    m_started.notify_all();
    Team team(run->shared, 0);
    run->work(team, 0);
    return run;
}

void ThreadPool::waitForWorkers(const Run& run) {
    for (std::uint32_t busy; (busy = run.busy.load(std::memory_order_acquire)) != 0;)
        m_patience.waitWhile(run.busy, busy);
}

void ThreadPool::run(const Work& work, const std::stop_token& stop) {
    const std::scoped_lock lock(m_running);
    waitForWorkers(*start(work, stop));
    nobodyNeedsToCome();
}

void ThreadPool::runOwning(Work work, const std::stop_token& stop) {
    const std::scoped_lock lock(m_running);
    const std::shared_ptr<Run> run = start(std::move(work), stop);
    if (run->shared.stopped()) waitForWorkers(*run); // some may be in a job
    nobodyNeedsToCome();
}

void ThreadPool::nobodyNeedsToCome() {
    const std::scoped_lock lock(m_changing);
    m_run.reset();
}

void ThreadPool::workerLoop(std::uint32_t thread) {
    for (std::uint32_t seen = 0;;) {
        m_patience.waitForRun(m_started, seen);
        if (m_quit.load()) return;
        std::shared_ptr<Run> run;
        {
            const std::scoped_lock lock(m_changing);
            seen = m_started.load(std::memory_order_acquire);
            run = m_run;
        }
        if (!run) continue;
        Team team(run->shared, thread);
        run->work(team, thread);
        if (run->busy.fetch_sub(1, std::memory_order_seq_cst) == 1) run->busy.notify_all();
    }
}

} // namespace altiplano::kernels
