#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

namespace altiplano::app {

/// A thread that does what it is given, in order. The destructor waits for the job under way, whose token it
/// stops, and drops the others. Thread-safe.
class WorkThread {
public:
    using Job = std::function<void(const std::stop_token& quit)>;

    WorkThread() : m_thread([this](const std::stop_token& quit) { run(quit); }) {}

    void post(Job job) {
        {
            const std::lock_guard lock(m_mutex);
            m_jobs.push_back(std::move(job));
        }
        m_wake.notify_one();
    }

private:
    void run(const std::stop_token& quit) {
        while (true) {
            Job job;
            {
                std::unique_lock lock(m_mutex);
                if (!m_wake.wait(lock, quit, [this] { return !m_jobs.empty(); }) || quit.stop_requested())
                    return;
                job = std::move(m_jobs.front());
                m_jobs.pop_front();
            }
            job(quit);
        }
    }

    std::mutex m_mutex; ///< guards m_jobs
    std::condition_variable_any m_wake;
    std::deque<Job> m_jobs;
    std::jthread m_thread; ///< last: it uses all of the above
};

} // namespace altiplano::app
