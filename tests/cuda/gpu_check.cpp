#include "cuda/checks.h"
#include "kernels/cuda_backend.h"
#include "support/random.h"

#include <chrono>
#include <cstdio>
#include <string>

/// Checks the GPU backend against float64. Prints what fails and a line of JSON; exit 0: all well, 1: not,
/// 77: there is no GPU to check. Arguments: the names of the groups to run, else all.
int main(int argc, char** argv) {
    using namespace altiplano;
    const auto search = kernels::findCudaBackend();
    if (!search.backend) {
        std::printf("No GPU: %s\n", search.reason.c_str());
        return 77;
    }
    test::Report report;
    auto random = test::seededRandom();
    const struct {
        const char* name;
        void (*run)(kernels::Backend&, test::Report&, std::mt19937_64&);
    } groups[] = {{"products", test::checkProducts},
                  {"models", test::checkModels},
                  {"loop", test::checkDecodeLoop},
                  {"sampling", test::checkSampling}};
    for (const auto& group : groups) {
        bool wanted = argc < 2;
        for (int i = 1; i < argc; ++i)
            wanted |= std::string(argv[i]) == group.name;
        if (!wanted) continue;
        const auto begin = std::chrono::steady_clock::now();
        try {
            group.run(*search.backend, report, random);
        } catch (const std::exception& error) {
            report.isTrue(std::string(group.name) + ": " + error.what(), false);
        }
        const double seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        std::printf("%s: %d checks, %d failures so far, %.1f s\n", group.name, report.checks(),
                    report.failures(), seconds);
        std::fflush(stdout);
    }
    std::printf("{\"device\": \"%s\", \"checks\": %d, \"failures\": %d, \"worst_of_limit\": %.3f}\n",
                search.backend->device().name.c_str(), report.checks(), report.failures(), report.worst());
    return report.failures() == 0 ? 0 : 1;
}
