// Stands in for libFuzzer in ordinary builds: DIRECTORY COUNT runs every file of the corpus, then COUNT
// random changes of them. A failure repeats with the printed seed.
#include "support/mutate.h"
#include "support/random.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::vector<std::vector<std::uint8_t>> readCorpus(const std::filesystem::path& directory) {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(directory))
        paths.push_back(entry.path());
    std::ranges::sort(paths);
    std::vector<std::vector<std::uint8_t>> inputs;
    for (const std::filesystem::path& path : paths) {
        std::ifstream file(path, std::ios::binary);
        inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return inputs;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: %s DIRECTORY COUNT\n", argv[0]);
        return 2;
    }
    const std::vector<std::vector<std::uint8_t>> corpus = readCorpus(argv[1]);
    if (corpus.empty()) {
        std::fprintf(stderr, "%s holds no inputs\n", argv[1]);
        return 1;
    }
    for (const std::vector<std::uint8_t>& input : corpus)
        LLVMFuzzerTestOneInput(input.data(), input.size());
    std::mt19937_64 random = altiplano::test::seededRandom();
    for (long i = std::strtol(argv[2], nullptr, 10); i > 0; --i) {
        std::vector<std::uint8_t> input = corpus[random() % corpus.size()];
        altiplano::test::mutate(input, random);
        LLVMFuzzerTestOneInput(input.data(), input.size());
    }
    return 0;
}
