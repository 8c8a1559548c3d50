#pragma once

#include "cpu/patience.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <vector>

namespace altiplano::kernels {

/// A number that begins at 0 in every round of a run. A thread that is still in an earlier round changes
/// nothing.
class RoundCount {
public:
    /// The next number below `limit`; `limit` where there is none, or the round is over.
    std::size_t take(std::uint32_t round, std::size_t limit) {
        const std::uint64_t after = change(round, [&](std::uint32_t now) { return now < limit ? 1 : 0; });
        return after == 0 ? limit : after - 1;
    }

    /// Adds n > 0. Returns the sum; 0 where the round is over.
    std::size_t add(std::uint32_t round, std::uint32_t n) {
        return change(round, [&](std::uint32_t) { return n; });
    }

private:
    template <typename Step>
    std::uint32_t change(std::uint32_t round, Step step) {
        std::uint64_t seen = m_value.load(std::memory_order_acquire);
        for (;;) {
            const auto of = static_cast<std::uint32_t>(seen >> 32);
            const std::uint32_t now = of == round ? static_cast<std::uint32_t>(seen) : 0, by = step(now);
            if (of > round || by == 0) return 0;
            const std::uint64_t after = std::uint64_t{round} << 32 | (now + by);
            if (m_value.compare_exchange_weak(seen, after, std::memory_order_acq_rel,
                                              std::memory_order_acquire))
                return now + by;
        }
    }

    std::atomic<std::uint64_t> m_value = 0; ///< round << 32 | number
};

/// What the threads of one run share. A run is a row of rounds, and a round is over once all of its jobs are
/// done: nobody waits for a thread that has none of them, since the system may have given its core away.
class SharedRun {
public:
    SharedRun(std::uint32_t threads, std::stop_token stop, Patience& patience)
        : m_stop(std::move(stop)), m_patience(patience), m_lanes(threads) {}

    bool stopped() const { return m_round.load(std::memory_order_acquire) % 2 == 1; }

private:
    friend class Team;

    /// What the others may see of a thread: the jobs that are left of its share, the one it is doing (where
    /// another may do it as well; see Team::forPieces), and how many it has done.
    struct alignas(64) Lane {
        RoundCount next;
        std::atomic<std::uint64_t> doing = 0; ///< round << 32 | job << 1 | whether its result is being used
        std::atomic<std::uint64_t> done = 0;  ///< round << 32 | jobs
    };

    const std::stop_token m_stop;
    Patience& m_patience;
    std::vector<Lane> m_lanes;
    alignas(64) RoundCount m_next;
    alignas(64) RoundCount m_done;
    alignas(64) std::atomic<std::uint32_t> m_round = kFirst; ///< twice the round, and 1 once it was stopped
    static constexpr std::uint32_t kFirst = 2;
};

/// A thread's part in a run. Every thread goes through the same calls in the same order, but one that comes
/// late finds rounds that are over and passes them by; so what a thread does between two of them must touch
/// nothing that other threads' jobs change.
class Team {
public:
    Team(SharedRun& run, std::uint32_t thread) : m_run(run), m_thread(thread) {}

    std::uint32_t threads() const { return static_cast<std::uint32_t>(m_run.m_lanes.size()); }

    /// Calls job(i) for every i below `jobs`, each on whichever thread is free, and waits until all are done.
    /// False, for all threads alike, once the run's stop was requested; then some jobs were left out.
    template <typename Job>
    bool forEach(std::size_t jobs, Job job) {
        std::size_t done = 0;
        for (std::size_t i; !over() && (i = m_run.m_next.take(round(), jobs)) < jobs && goesOn(); ++done)
            job(i);
        return meet(jobs, done);
    }

    /// The same, but each thread starts with its own contiguous share of the jobs, in order, and helps
    /// the others when that is done. For jobs that read memory one after the other: where threads take turns
    /// at neighbouring pieces, each one's prefetchers fetch much of the other's (measured: 32 KiB pieces of
    /// weights are read at 25 GB/s in turns and at 30 in shares, by two cores).
    template <typename Job>
    bool forShares(std::size_t jobs, Job job) {
        std::size_t done = 0;
        takeShares(jobs, [&](std::size_t i) {
            job(i);
            ++done;
        });
        return meet(jobs, done);
    }

    /// The same for jobs in two parts, so that no thread waits long for one whose core the system gave away:
    /// who finds nothing left to do, and has waited for longer than jobs take, does again what another seems
    /// to be stuck in. compute(i) may run on
    /// several threads for one job and even when the round is over: it uses nothing but the thread's own
    /// memory, and what never changes. commit(i) is called once for each job, right after a compute(i) of the
    /// same thread. prepare() is called before a thread's first job; the round does not end meanwhile.
    template <typename Prepare, typename Compute, typename Commit>
    bool forPieces(std::size_t jobs, Prepare prepare, Compute compute, Commit commit) {
        SharedRun::Lane& own = m_run.m_lanes[m_thread];
        std::uint32_t done = 0;
        Clock::time_point begin{}; // of a thread that is prepared
        const auto tryCommit = [&](SharedRun::Lane& lane, std::uint64_t doing, std::size_t job) {
            if (!lane.doing.compare_exchange_strong(doing, doing | 1, std::memory_order_acq_rel)) return;
            commit(job);
            own.done.store(tagged(++done), std::memory_order_release);
        };
        takeShares(jobs, [&](std::size_t job) {
            if (begin == Clock::time_point{}) {
                prepare();
                begin = Clock::now();
            }
            const std::uint64_t doing = tagged(2 * job);
            own.doing.store(doing, std::memory_order_release);
            compute(job);
            tryCommit(own, doing, job);
        });
        const std::uint32_t counted = done;
        if (begin == Clock::time_point{} || count(jobs, counted) || !waitedTooLong(begin, counted))
            return meet(jobs, 0);
        for (SharedRun::Lane& lane : m_run.m_lanes) {
            const std::uint64_t doing = lane.doing.load(std::memory_order_acquire);
            if (doing >> 32 != round() || doing & 1) continue;
            const std::size_t job = static_cast<std::uint32_t>(doing) >> 1;
            compute(job);
            tryCommit(lane, doing, job);
        }
        own.done.exchange(tagged(done)); // of two that help, one sees what both have done
        if (doneByAll() == jobs) advance();
        return meet(jobs, done - counted);
    }

private:
    using Clock = std::chrono::steady_clock;

    std::uint32_t round() const { return m_round / 2; }
    std::uint64_t tagged(std::uint64_t value) const { return std::uint64_t{round()} << 32 | value; }
    bool over() const { return m_run.m_round.load(std::memory_order_acquire) != m_round; }

    /// False once a stop was requested, which ends the round.
    bool goesOn();
    /// Whether the jobs that this thread did are the last of the round; then it is over.
    bool count(std::size_t jobs, std::size_t done);
    std::size_t doneByAll() const;
    /// Whether the round goes on for much longer than one of the `done` jobs took that this thread did since.
    bool waitedTooLong(Clock::time_point since, std::uint32_t done) const;
    void advance();
    /// Waits for the end of the round and goes on to the next; false where it was stopped.
    bool meet(std::size_t jobs, std::size_t done);

    template <typename Job>
    void takeShares(std::size_t jobs, Job job) {
        if (over()) return;
        const std::size_t threads = m_run.m_lanes.size();
        for (std::size_t i = 0; i < threads; ++i) {
            const std::size_t lane = (m_thread + i) % threads;
            const std::size_t begin = jobs * lane / threads, size = jobs * (lane + 1) / threads - begin;
            for (std::size_t next; (next = m_run.m_lanes[lane].next.take(round(), size)) < size;) {
                if (!goesOn()) return;
                job(begin + next);
            }
        }
    }

    SharedRun& m_run;
    const std::uint32_t m_thread;
    std::uint32_t m_round = SharedRun::kFirst; ///< twice the round that this thread is in
};

} // namespace altiplano::kernels
