// altiplano_load_speed MODEL [ROUNDS]: what repacking the weights costs beside reading the file. In turns,
// two threads read the file into as much fresh memory, and the engine packs its weights with two threads;
// medians in milliseconds, and what packing takes longer, in parts of what reading takes. See
// docs/measurements/cpu-speed.md.
#include "engine/model.h"

#include "support/app/cost_figures.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/mman.h>
#include <thread>
#include <unistd.h>
#include <vector>

using namespace altiplano;

namespace {

using Clock = std::chrono::steady_clock;

double msSince(Clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

/// Into huge pages, as the weights are.
double readingMs(const char* path) {
    constexpr std::size_t kPiece = std::size_t{2} << 20;
    const std::size_t bytes = std::filesystem::file_size(path);
    const int file = open(path, O_RDONLY);
    const auto begin = Clock::now();
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (file < 0 || memory == MAP_FAILED) return 0;
    madvise(memory, bytes, MADV_HUGEPAGE);
    std::atomic<std::size_t> next = 0;
    const auto read = [&] {
        for (std::size_t at; (at = next.fetch_add(kPiece)) < bytes;)
            for (std::size_t end = std::min(at + kPiece, bytes); at < end;) {
                const ssize_t got =
                    pread(file, static_cast<char*>(memory) + at, end - at, static_cast<off_t>(at));
                if (got <= 0) return;
                at += static_cast<std::size_t>(got);
            }
    };
    std::thread other(read);
    read();
    other.join();
    const double ms = msSince(begin);
    munmap(memory, bytes);
    close(file);
    return ms;
}

/// From the first weight that is ready to the last.
double packingMs(const char* path) {
    engine::LoadOptions options;
    options.backend = engine::BackendChoice::Cpu;
    options.threads = 2;
    Clock::time_point first, last;
    engine::Model::load(path, options, [&](std::uint64_t, std::uint64_t) {
        last = Clock::now();
        if (first == Clock::time_point{}) first = last;
    });
    return std::chrono::duration<double, std::milli>(last - first).count();
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fputs("usage: altiplano_load_speed MODEL [ROUNDS]\n", stderr);
        return 2;
    }
    const int rounds = argc > 2 ? std::max(1, std::atoi(argv[2])) : 9;
    readingMs(argv[1]); // into the page cache
    std::vector<double> reading, packing;
    for (int round = 0; round < rounds; ++round) {
        reading.push_back(readingMs(argv[1]));
        packing.push_back(packingMs(argv[1]));
        std::printf("reading %.0f ms, packing %.0f ms\n", reading.back(), packing.back());
        std::fflush(stdout);
    }
    const double read = app::quantile(reading, 0.5), packed = app::quantile(packing, 0.5);
    std::printf("median reading %.0f ms, packing %.0f ms, extra/reading %.2f\n", read, packed,
                (packed - read) / read);
}
