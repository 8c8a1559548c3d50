#include "cpu/thread_pool.h"

#include <utility>

namespace altiplano::kernels {

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
