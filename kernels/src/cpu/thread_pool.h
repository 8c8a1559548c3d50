#pragma once

#include "cpu/team.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace altiplano::kernels {

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

    /// The same, but a thread whose core the system gave away is not waited for once all jobs are done: it
    /// may come, or leave a piece, at any time later. So `work` owns all that it touches outside of jobs.
    void runOwning(Work work, const std::stop_token& stop = {});

private:
    struct Run {
        Run(Work todo, const std::stop_token& stop, ThreadPool& pool)
            : work(std::move(todo)), shared(pool.threads(), stop, pool.m_patience), busy(pool.threads() - 1) {
        }
        const Work work;
        SharedRun shared;
        std::atomic<std::uint32_t> busy; ///< workers that have not finished it
    };
    std::shared_ptr<Run> start(Work work, const std::stop_token& stop);
    void waitForWorkers(const Run& run);
    void nobodyNeedsToCome();
    void workerLoop(std::uint32_t thread);
    void quit();

    std::mutex m_running;
    Patience m_patience; ///< within runs
    std::mutex m_changing;
    std::shared_ptr<Run> m_run;               ///< the newest one, until it is over
    std::atomic<std::uint32_t> m_started = 0; ///< runs; its change wakes the workers
    std::atomic<bool> m_quit = false;
    std::vector<std::thread> m_workers;
};

} // namespace altiplano::kernels
