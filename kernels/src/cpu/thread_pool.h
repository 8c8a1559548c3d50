#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace altiplano::kernels {

/// How the threads of a pool wait for each other: awake as long as that has paid lately, then asleep. Where
/// every thread has a core, the others arrive within microseconds and falling asleep would cost more; where
/// cores are shared, who waits awake keeps the core from whom it waits for.
class Patience {
public:
    /// Returns once `value` is no longer `old`. Who changes it has to notify.
    void waitWhile(const std::atomic<std::uint32_t>& value, std::uint32_t old);

    /// The same where how long it takes says nothing about the threads.
    void waitForRun(const std::atomic<std::uint32_t>& run, std::uint32_t old) const;

private:
    bool stayAwake(const std::atomic<std::uint32_t>& value, std::uint32_t old,
                   std::uint32_t microseconds) const;

    std::atomic<std::uint32_t> m_microseconds = kMost; ///< to stay awake; a race costs no more than time
    static constexpr std::uint32_t kMost = 256, kLeast = 2;
};

/// What the threads of one run share: the next job and the place where they meet. Every thread goes through
/// the same calls in the same order.
class Team {
public:
    Team(std::uint32_t threads, std::stop_token stop, Patience& patience)
        : m_threads(threads), m_stop(std::move(stop)), m_patience(patience), m_shares(threads) {}

    std::uint32_t threads() const { return m_threads; }

    /// Calls job(i) for every i below `jobs`, each on whichever thread is free, and waits until all are done.
    /// False, for all threads alike, once the run's stop was requested; then some jobs were left out.
    template <typename Job>
    bool forEach(std::size_t jobs, Job job) {
        for (;;) {
            const std::size_t i = m_next.fetch_add(1, std::memory_order_relaxed);
            if (i >= jobs) break;
            if (m_stop.stop_requested()) {
                m_stopped.store(true, std::memory_order_relaxed);
                break;
            }
            job(i);
        }
        return meet();
    }

    /// The same, but thread `thread` starts with its own contiguous share of the jobs, in order, and helps
    /// the others when that is done. For jobs that read memory one after the other: where threads take turns
    /// at neighbouring pieces, each one's prefetchers fetch much of the other's (measured: 32 KiB pieces of
    /// weights are read at 25 GB/s in turns and at 30 in shares, by two cores).
    template <typename Job>
    bool forShares(std::uint32_t thread, std::size_t jobs, Job job) {
        for (std::uint32_t i = 0; i < m_threads; ++i) {
            const std::size_t share = (thread + i) % m_threads;
            const std::size_t begin = jobs * share / m_threads, end = jobs * (share + 1) / m_threads;
            for (;;) {
                const std::size_t next = begin + m_shares[share].next.fetch_add(1, std::memory_order_relaxed);
                if (next >= end) break;
                if (m_stop.stop_requested()) {
                    m_stopped.store(true, std::memory_order_relaxed);
                    return meet();
                }
                job(next);
            }
        }
        return meet();
    }

private:
    struct alignas(64) Share {
        std::atomic<std::size_t> next = 0;
    };

    /// Waits for all threads, then lets them take jobs from 0 again.
    bool meet();

    const std::uint32_t m_threads;
    const std::stop_token m_stop;
    Patience& m_patience;
    std::atomic<bool> m_stopped = false;
    bool m_goOn = true; ///< written by the last thread to arrive, read by all before they arrive again
    std::vector<Share> m_shares;
    alignas(64) std::atomic<std::size_t> m_next = 0;
    alignas(64) std::atomic<std::uint32_t> m_arrived = 0;
    alignas(64) std::atomic<std::uint32_t> m_meeting = 0;
};

/// Threads that wait for work: awake for a moment after a run, since the next token's comes soon, then
/// asleep, so that an idle app uses no CPU. The calling thread takes part.
class ThreadPool {
public:
    /// What each thread does in a run; `thread` is below threads(), 0 for the calling one. Must not throw.
    using Work = std::function<void(Team& team, std::uint32_t thread)>;

    /// Throws std::system_error where the system gives no more threads.
    explicit ThreadPool(std::uint32_t threads);
    ~ThreadPool();
    ThreadPool(const ThreadPool&) = delete;
    ThreadPool& operator=(const ThreadPool&) = delete;

    std::uint32_t threads() const { return static_cast<std::uint32_t>(m_workers.size()) + 1; }

    /// Runs `work` on all threads and waits for them. Calls from several threads queue up.
    void run(const Work& work, const std::stop_token& stop = {});

private:
    void workerLoop(std::uint32_t thread);
    void quit();

    std::mutex m_running;
    Patience m_patience; ///< within runs
    const Work* m_work = nullptr;
    Team* m_team = nullptr;
    std::atomic<std::uint32_t> m_run = 0;  ///< number of the run; its change wakes the workers
    std::atomic<std::uint32_t> m_busy = 0; ///< workers that have not finished it
    std::atomic<bool> m_quit = false;
    std::vector<std::thread> m_workers;
};

} // namespace altiplano::kernels
