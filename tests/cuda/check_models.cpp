#include "cuda/checks.h"
#include "cuda/float64_model.h"
#include "cuda/synthetic_model.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace altiplano::test {

using namespace kernels;

namespace {

std::vector<std::vector<double>> expectedLogits(Float64Model& reference, const TestSequence& sequence) {
    reference.reset();
    std::vector<std::vector<double>> logits;
    for (const std::int32_t token : sequence.tokens)
        logits.push_back(reference.run(token));
    return logits;
}

/// How far half-float operands alone put the logits of the first `count` rows off, as a root mean square.
double errorOfHalves(const Plan& plan, KvType kvType, const TestSequence& sequence,
                     const std::vector<std::vector<double>>& exact, std::uint32_t count) {
    Float64Model model(plan, kvType, Operands::Halves);
    double squares = 0;
    for (std::uint32_t t = 0; t < count; ++t) {
        const auto logits = model.run(sequence.tokens[t]);
        const double error = relativeError(std::vector<float>(logits.begin(), logits.end()), exact[t]);
        squares += error * error;
    }
    return std::sqrt(squares / count);
}

/// A prompt in chunks, then single rows, of two sequences; then a ragged batch of both.
void checkModel(Backend& backend, Report& report, std::mt19937_64& random, const std::string& name,
                const ModelSpec& spec, KvType kvType, double singleRowLimit) {
    const SyntheticModel model = makeModel(spec, random);
    const auto program = backend.upload(model.plan, {});
    const auto state = program->createState({64, 12, kvType});
    Float64Model reference(model.plan, kvType);
    const std::uint32_t vocabulary = spec.shape.vocabulary;
    std::vector<std::uint32_t> free(12);
    std::iota(free.begin(), free.end(), 0);
    std::vector<TestSequence> sequences;
    std::vector<std::vector<std::vector<double>>> expected;
    for (int i = 0; i < 2; ++i) {
        sequences.push_back(
            randomSequence(100 + static_cast<std::uint32_t>(random() % 60), vocabulary, free, random));
        expected.push_back(expectedLogits(reference, sequences.back()));
    }
    const auto compare = [&](const std::string& what, std::span<const float> logits, std::size_t sequence,
                             std::uint32_t begin, std::uint32_t end, double limit) {
        for (std::uint32_t t = begin; t < end; ++t)
            report.atMost(
                name + ", " + what + ", sequence " + std::to_string(sequence) + ", position " +
                    std::to_string(t),
                relativeError(logits.subspan((t - begin) * vocabulary, vocabulary), expected[sequence][t]),
                limit);
    };
    // Several rows may be off by what half-float operands cost (3e-4 to 8e-4 in these models; with q8_0 K/V,
    // which may fall the other way, up to 3e-3 for single rows), and some for the order of sums and weights
    // whose scale is a half float too: never as far as int8 activations (5e-3).
    constexpr double kTimes = 4;
    constexpr std::uint32_t kFewest = 33; // one more row than logits are computed for at a time
    const double chunkLimit = kTimes * errorOfHalves(model.plan, kvType, sequences[0], expected[0], kFewest);
    for (std::size_t s = 0; s < 2; ++s) {
        const std::uint32_t chunk = s == 0 ? kFewest : kFewest + static_cast<std::uint32_t>(random() % 30);
        compare("chunk", runRows(*program, *state, sequences[s], 0, chunk, vocabulary), s, 0, chunk,
                chunkLimit);
        compare("few rows", runRows(*program, *state, sequences[s], chunk, chunk + 3, vocabulary), s, chunk,
                chunk + 3, chunkLimit);
        for (std::uint32_t t = chunk + 3; t < sequences[s].tokens.size() - 8; ++t)
            compare("one row", runRows(*program, *state, sequences[s], t, t + 1, vocabulary), s, t, t + 1,
                    singleRowLimit);
    }
    std::vector<BatchRow> rows;
    std::vector<SequencePages> pages;
    for (std::uint32_t s = 0; s < 2; ++s) {
        const auto length = static_cast<std::uint32_t>(sequences[s].tokens.size());
        pages.push_back({sequences[s].pages});
        for (std::uint32_t t = length - 8; t < length - 8 + 3 + s; ++t)
            rows.push_back({sequences[s].tokens[t], t, s, t % 2 == 0});
    }
    std::vector<float> logits(rows.size() * vocabulary, NAN);
    program->execute(*state, {rows, pages}, logits, {}, {}, nullptr);
    std::size_t wanted = 0;
    for (const BatchRow& row : rows)
        if (row.wantsLogits)
            report.atMost(name + ", ragged batch",
                          relativeError({logits.data() + wanted++ * vocabulary, vocabulary},
                                        expected[row.sequence][row.position]),
                          std::max(chunkLimit, singleRowLimit));
}

/// A prompt long enough for the products and the attention of prompts, in one piece.
void checkPrompt(Backend& backend, Report& report, std::mt19937_64& random, const std::string& name,
                 const ModelSpec& spec) {
    const SyntheticModel model = makeModel(spec, random);
    const auto program = backend.upload(model.plan, {});
    const auto length = 200 + static_cast<std::uint32_t>(random() % 150);
    const auto state = program->createState({length, 6, KvType::F16});
    std::vector<std::uint32_t> free(6);
    std::iota(free.begin(), free.end(), 0);
    const TestSequence sequence = randomSequence(length, spec.shape.vocabulary, free, random);
    Float64Model reference(model.plan, KvType::F16);
    const auto expected = expectedLogits(reference, sequence);
    const double limit = 4 * errorOfHalves(model.plan, KvType::F16, sequence, expected, 33);
    const auto logits = runRows(*program, *state, sequence, 0, length, spec.shape.vocabulary);
    for (std::uint32_t t = 0; t < length; ++t)
        report.atMost(name + ", prompt of " + std::to_string(length) + ", position " + std::to_string(t),
                      relativeError(std::span(logits).subspan(std::size_t{t} * spec.shape.vocabulary,
                                                              spec.shape.vocabulary),
                                    expected[t]),
                      limit);
}

/// The same tokens with other pages, after a page was copied: equal bit for bit.
void checkPages(Backend& backend, Report& report, std::mt19937_64& random, const ModelSpec& spec) {
    const SyntheticModel model = makeModel(spec, random);
    const auto program = backend.upload(model.plan, {});
    const auto state = program->createState({16, 12, KvType::F16});
    std::vector<std::uint32_t> free(6);
    std::iota(free.begin(), free.end(), 0);
    const std::uint32_t length = 150;
    TestSequence sequence = randomSequence(length, spec.shape.vocabulary, free, random);
    std::vector<float> last;
    for (std::uint32_t t = 0; t < length; ++t)
        last = runRows(*program, *state, sequence, t, t + 1, spec.shape.vocabulary);
    for (std::uint32_t& page : sequence.pages) {
        state->copyPage(page, page + 6, kKvPageTokens);
        page += 6;
    }
    report.isTrue("pages elsewhere give the same logits",
                  runRows(*program, *state, sequence, length - 1, length, spec.shape.vocabulary) == last);
}

/// A timed row runs as an untimed one, also where small layers run in one kernel: equal bit for bit, at any
/// position. Its phases have times.
void checkTimed(Backend& backend, Report& report, std::mt19937_64& random, const std::string& name,
                const ModelSpec& spec, KvType kvType) {
    const SyntheticModel model = makeModel(spec, random);
    const auto program = backend.upload(model.plan, {});
    const auto state = program->createState({64, 16, kvType});
    std::vector<std::uint32_t> free(16);
    std::iota(free.begin(), free.end(), 0);
    const TestSequence sequence = randomSequence(600, spec.shape.vocabulary, free, random);
    for (std::uint32_t t = 0; t < 600; t += 60)
        runRows(*program, *state, sequence, t, t + 60, spec.shape.vocabulary);
    for (const std::uint32_t t : {0u, 1u, 11u, 100u, 599u}) {
        ExecuteTimes times;
        const auto timed = runRows(*program, *state, sequence, t, t + 1, spec.shape.vocabulary, &times);
        const auto untimed = runRows(*program, *state, sequence, t, t + 1, spec.shape.vocabulary);
        report.isTrue(name + ": a timed step gives the same logits", timed == untimed);
        for (int phase = ExecuteTimes::Embed; phase <= ExecuteTimes::Logits; ++phase)
            report.isTrue(name + ": every phase has a time", times.ns[static_cast<std::size_t>(phase)] > 0);
    }
}

} // namespace

void checkModels(Backend& backend, Report& report, std::mt19937_64& random) {
    // {layers, hidden, heads, kvHeads, headDim, feedForward, vocabulary}
    const auto run = [&](const std::string& name, const ModelSpec& spec, KvType kvType, double limit) {
        checkModel(backend, report, random, name, spec, kvType, limit);
    };
    constexpr double kFloats = 2e-3, kInt8 = 4e-2; // one row: float32 throughout, or int8 activations
    ModelSpec spec = uniformSpec({2, 256, 4, 4, 64, 512, 331}, QuantType::F16);
    run("f16", spec, KvType::F16, kFloats);
    run("f16, q8_0 K/V", spec, KvType::Q8_0, 2e-2);
    checkPrompt(backend, report, random, "f16", spec);
    spec = uniformSpec({2, 288, 9, 3, 32, 736, 999}, QuantType::F32);
    spec.pairing = RopePairing::Halves;
    spec.biases = true;
    run("f32, biases, halves", spec, KvType::F16, kFloats);
    spec = uniformSpec({2, 512, 8, 2, 64, 768, 1003}, QuantType::Q4_0);
    run("q4_0, grouped", spec, KvType::F16, kInt8);
    run("q4_0, grouped, q8_0 K/V", spec, KvType::Q8_0, kInt8);
    checkPrompt(backend, report, random, "q4_0, grouped", spec);
    spec = uniformSpec({2, 576, 9, 3, 64, 1536, 517}, QuantType::Q4_1);
    spec.tied = true;
    run("q4_1, tied, 9 heads", spec, KvType::F16, kInt8);
    checkTimed(backend, report, random, "q4_1, tied, 9 heads", spec, KvType::F16);
    checkTimed(backend, report, random, "q4_1, tied, 9 heads, q8_0 K/V", spec, KvType::Q8_0);
    spec = uniformSpec({2, 512, 4, 1, 128, 1024, 640}, QuantType::Q4_K);
    spec.v = spec.down = QuantType::Q6_K;
    spec.head = spec.embed = QuantType::Q6_K;
    run("q4_k and q6_k mixed", spec, KvType::F16, kInt8);
    checkPrompt(backend, report, random, "q4_k and q6_k mixed", spec);
    spec.v = QuantType::Q5_K;
    spec.up = QuantType::Q8_0;
    run("types that need several products", spec, KvType::Q8_0, kInt8);
    spec = uniformSpec({2, 512, 14, 2, 64, 1024, 640}, QuantType::Q8_0);
    spec.pairing = RopePairing::Halves;
    spec.rotated = 32;
    spec.biases = true;
    spec.window = 50;
    run("q8_0, halves, partly turned, window, 7 heads a group", spec, KvType::F16, kInt8);
    checkPrompt(backend, report, random, "q8_0, halves, partly turned, window, 7 heads a group", spec);
    checkTimed(backend, report, random, "q8_0, halves, window", spec, KvType::F16);
    spec = uniformSpec({1, 320, 12, 1, 128, 544, 100}, QuantType::BF16);
    run("bf16, 12 heads a group", spec, KvType::F16, kFloats);
    checkPrompt(backend, report, random, "bf16, 12 heads a group", spec);
    spec = uniformSpec({1, 512, 16, 16, 80, 512, 100}, QuantType::IQ4_XS);
    spec.embed = QuantType::Q2_K;
    run("iq4_xs, heads of 80", spec, KvType::F16, kFloats * 3);
    checkPages(backend, report, random, uniformSpec({2, 512, 8, 2, 64, 768, 200}, QuantType::Q4_0));
}

} // namespace altiplano::test
