#include "cpu/thread_pool.h"

#include "support/random.h"

#include <QTest>

#include <atomic>
#include <chrono>
#include <memory>
#include <random>
#include <set>
#include <vector>

using namespace altiplano::kernels;

namespace {

using namespace std::chrono_literals;

/// Waits, but not for ever, until it is true.
bool eventually(const std::atomic<bool>& flag) {
    for (const auto end = std::chrono::steady_clock::now() + 20s; !flag;) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::yield();
    }
    return true;
}

} // namespace

class TestThreadPool : public QObject {
    Q_OBJECT
    std::mt19937_64 m_random = altiplano::test::seededRandom();

private slots:
    void doesEveryJobOnce_data() {
        QTest::addColumn<unsigned>("threads");
        for (const unsigned threads : {1u, 2u, 3u, 7u})
            QTest::addRow("%u threads", threads) << threads;
    }
    void doesEveryJobOnce() {
        QFETCH(unsigned, threads);
        ThreadPool pool(threads);
        QCOMPARE(pool.threads(), threads);
        for (int run = 0; run < 50; ++run) {
            std::vector<std::atomic<int>> first(101), second(7);
            std::atomic<int> early = 0, finished = 0;
            pool.run([&](Team& team, std::uint32_t) {
                if (!team.forEach(first.size(), [&](std::size_t i) { ++first[i]; })) return;
                for (const auto& count : first)
                    if (count != 1) ++early; // someone went on before all was done
                if (team.forEach(second.size(), [&](std::size_t i) { ++second[i]; })) ++finished;
            });
            for (const auto& count : first)
                QCOMPARE(count.load(), 1);
            for (const auto& count : second)
                QCOMPARE(count.load(), 1);
            QCOMPARE(early.load(), 0);
            QCOMPARE(finished.load(), static_cast<int>(threads));
        }
    }

    /// A stop takes effect at the next job, and all threads hear of it at the same meeting.
    void stopsBetweenJobs() {
        constexpr unsigned kThreads = 3;
        ThreadPool pool(kThreads);
        for (int run = 0; run < 200; ++run) {
            std::stop_source source;
            std::atomic<int> jobs = 0, after = 0; // `after`: jobs that began after the stop
            std::vector<int> rounds(kThreads);
            pool.run(
                [&](Team& team, std::uint32_t thread) {
                    for (int round = 0; round < 5; ++round, ++rounds[thread])
                        if (!team.forEach(20, [&](std::size_t) {
                                if (source.stop_requested()) ++after;
                                if (++jobs == 50) source.request_stop();
                            }))
                            return;
                },
                source.get_token());
            QVERIFY(after <= static_cast<int>(kThreads));
            QCOMPARE(std::set<int>(rounds.begin(), rounds.end()).size(), std::size_t{1});
        }
    }

    /// Threads that fall asleep while they wait, within a run and between runs, are woken.
    void wakesWhoWaitsLong() {
        ThreadPool pool(3);
        for (int run = 0; run < 20; ++run) {
            std::atomic<int> jobs = 0;
            pool.run([&](Team& team, std::uint32_t) {
                for (int round = 0; round < 3; ++round)
                    team.forEach(4, [&](std::size_t i) {
                        if (i == 3) std::this_thread::sleep_for(std::chrono::microseconds(run * 100));
                        ++jobs;
                    });
            });
            QCOMPARE(jobs.load(), 12);
            std::this_thread::sleep_for(std::chrono::microseconds(run * 50));
        }
    }

    /// A thread that is stuck in a piece, or has not come at all, holds nobody up: here it goes on only when
    /// the others are two rounds further.
    void nobodyWaitsForWhoIsStuck() {
        for (const bool inPiece : {true, false}) {
            constexpr std::uint32_t kThreads = 3;
            ThreadPool pool(kThreads);
            std::atomic<bool> further = false, stuck = false, waitedForNothing = false;
            std::vector<std::atomic<int>> commits(12), later(5);
            const auto waitThere = [&] {
                stuck = true;
                if (!eventually(further)) waitedForNothing = true;
            };
            pool.run([&](Team& team, std::uint32_t thread) {
                if (thread == 1 && !inPiece) waitThere();
                team.forPieces(
                    commits.size(), [] {},
                    [&](std::size_t) {
                        if (thread == 1 && inPiece && !stuck) return waitThere();
                        if (inPiece) eventually(stuck); // it shall have one
                    },
                    [&](std::size_t i) { ++commits[i]; });
                for (const auto& count : commits)
                    if (count != 1) waitedForNothing = true;
                team.forEach(later.size(), [&](std::size_t i) { ++later[i]; });
                team.forShares(1, [&](std::size_t) { further = true; });
            });
            QVERIFY(!waitedForNothing);
            QVERIFY(stuck);
            for (const auto& count : later)
                QCOMPARE(count.load(), 1);
        }
    }

    /// Nor does the end of a run, where the work owns what it needs; and the next run does without it as
    /// well.
    void runsEndWithoutWhoIsStuck() {
        for (const bool inPiece : {true, false}) {
            constexpr std::uint32_t kThreads = 3;
            ThreadPool pool(kThreads);
            struct Shared {
                std::atomic<bool> goOn = false, stuck = false, waitedForNothing = false;
                std::atomic<int> commits = 0;
            };
            const auto shared = std::make_shared<Shared>();
            const auto waitThere = [](Shared& s) {
                s.stuck = true;
                if (!eventually(s.goOn)) s.waitedForNothing = true;
            };
            constexpr int kJobs = 12;
            const ThreadPool::Work work = [shared, waitThere, inPiece](Team& team, std::uint32_t thread) {
                if (thread == 1 && !inPiece && !shared->goOn) waitThere(*shared);
                team.forPieces(
                    kJobs, [] {},
                    [&](std::size_t) {
                        if (shared->goOn) return;
                        if (thread == 1 && inPiece && !shared->stuck) return waitThere(*shared);
                        eventually(shared->stuck); // it shall be
                    },
                    [&](std::size_t) { ++shared->commits; });
            };
            pool.runOwning(work);
            QCOMPARE(shared->commits.load(), kJobs);
            std::atomic<int> jobs = 0; // on which nobody is missed either
            auto next = std::make_shared<std::atomic<int>>(0);
            pool.runOwning(
                [next](Team& team, std::uint32_t) { team.forEach(5, [&](std::size_t) { ++*next; }); });
            QCOMPARE(next->load(), 5);
            QVERIFY(shared->stuck);
            shared->goOn = true;
            pool.run([&](Team& team, std::uint32_t) { team.forEach(5, [&](std::size_t) { ++jobs; }); });
            QCOMPARE(jobs.load(), 5);
            QCOMPARE(shared->commits.load(), kJobs);
            QVERIFY(!shared->waitedForNothing);
        }
    }

    /// But a stopped one ends only when nobody is in a job any more: what jobs touch is the caller's.
    void stoppedRunsWaitForTheirJobs() {
        for (const bool pieces : {true, false}) {
            ThreadPool pool(2);
            struct Shared {
                std::stop_source source;
                std::atomic<bool> inJob = false, outOfJob = false;
            };
            const auto shared = std::make_shared<Shared>();
            pool.runOwning(
                [shared, pieces](Team& team, std::uint32_t thread) {
                    const auto job = [&](std::size_t) {
                        if (thread == 0) { // the first of its jobs is its last
                            eventually(shared->inJob);
                            shared->source.request_stop();
                        } else if (!shared->inJob.exchange(true)) {
                            while (!shared->source.stop_requested())
                                std::this_thread::yield();
                            std::this_thread::sleep_for(50ms);
                            shared->outOfJob = true;
                        }
                    };
                    if (pieces)
                        team.forPieces(
                            8, [] {}, job, [](std::size_t) {});
                    else
                        team.forEach(8, job);
                },
                shared->source.get_token());
            QVERIFY(shared->outOfJob);
        }
    }

    /// Whatever is interrupted and done again: each round sees all that the one before it gave, and adds it
    /// up once. The numbers are plain memory, so that tsan sees who reads what another still writes.
    void interruptionsChangeNothing_data() {
        QTest::addColumn<unsigned>("threads");
        for (const unsigned threads : {1u, 2u, 4u, 7u})
            QTest::addRow("%u threads", threads) << threads;
    }
    void interruptionsChangeNothing() {
        QFETCH(unsigned, threads);
        ThreadPool pool(threads);
        constexpr std::size_t kRounds = 12;
        std::vector<std::size_t> jobs(kRounds);
        for (std::size_t& count : jobs)
            count = m_random() % 20;
        const std::uint64_t seed = m_random();
        const auto next = [&](const std::vector<std::uint64_t>& x, std::size_t round, std::size_t i) {
            return x[(i + round) % x.size()] * 6364136223846793005u + x[i % x.size()] + round;
        };
        std::vector<std::uint64_t> expected(20, 1);
        for (std::size_t round = 0; round < kRounds; ++round) {
            const auto before = expected;
            for (std::size_t i = 0; i < jobs[round]; ++i)
                expected[i] += next(before, round, i);
        }
        for (int run = 0; run < 60; ++run) {
            std::vector<std::uint64_t> sums(20, 1), copied(20);
            pool.run([&](Team& team, std::uint32_t thread) {
                std::mt19937_64 random(seed + 1000 * static_cast<unsigned>(run) + thread);
                const auto interrupted = [&] {
                    if (random() % 16 == 0)
                        std::this_thread::sleep_for(std::chrono::microseconds(random() % 200));
                };
                std::vector<std::uint64_t> own;
                std::uint64_t result = 0;
                for (std::size_t round = 0; round < kRounds; ++round) {
                    interrupted();
                    team.forEach(copied.size(), [&](std::size_t i) {
                        interrupted();
                        copied[i] = sums[i];
                    });
                    team.forPieces(
                        jobs[round],
                        [&] {
                            own = copied;
                            interrupted();
                        },
                        [&](std::size_t i) {
                            interrupted();
                            result = next(own, round, i);
                        },
                        [&](std::size_t i) { sums[i] += result; });
                }
            });
            QCOMPARE(sums, expected);
        }
    }

    void runsOfSeveralCallersQueueUp() {
        ThreadPool pool(2);
        std::atomic<int> running = 0, overlaps = 0, jobs = 0;
        std::vector<std::thread> callers;
        for (int caller = 0; caller < 4; ++caller)
            callers.emplace_back([&] {
                for (int run = 0; run < 50; ++run)
                    pool.run([&](Team& team, std::uint32_t thread) {
                        if (thread == 0 && ++running > 1) ++overlaps;
                        team.forEach(10, [&](std::size_t) { ++jobs; });
                        if (thread == 0) --running;
                    });
            });
        for (std::thread& caller : callers)
            caller.join();
        QCOMPARE(overlaps.load(), 0);
        QCOMPARE(jobs.load(), 4 * 50 * 10);
    }
};

QTEST_APPLESS_MAIN(TestThreadPool)
#include "tst_thread_pool.moc"
