#include "cpu/thread_pool.h"

#include <QTest>

#include <atomic>
#include <chrono>
#include <set>
#include <vector>

using namespace altiplano::kernels;

class TestThreadPool : public QObject {
    Q_OBJECT
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
