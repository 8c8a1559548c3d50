#include "cuda/checks.h"
#include "cuda/synthetic_model.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace altiplano::test {

using namespace kernels;

namespace {

struct Run {
    std::vector<std::vector<std::int32_t>> tokens;
    std::vector<bool> ended;
};

/// Decodes all sequences from their last token with the loop, running ahead by `ahead` steps.
Run decode(const Program& program, ExecutionState& state, const std::vector<TestSequence>& sequences,
           bool graphs, std::uint32_t count, std::uint32_t ahead, const DecodeSampling& sampling,
           std::span<const std::int32_t> stop) {
    const auto loop = program.createDecodeLoop(state, {static_cast<std::uint32_t>(sequences.size()), graphs});
    std::vector<DecodeSequence> starts;
    for (const TestSequence& s : sequences) {
        DecodeSequence start;
        start.token = s.tokens.back();
        start.position = static_cast<std::uint32_t>(s.tokens.size() - 1);
        start.maxTokens = count;
        start.pages = std::span(s.pages).first(start.position / kKvPageTokens + 1);
        start.recent = s.tokens;
        start.stopTokens = stop;
        start.sampling = sampling;
        starts.push_back(start);
    }
    loop->start(starts);
    for (std::uint32_t i = 0; i < sequences.size(); ++i)
        loop->addPages(i, std::span(sequences[i].pages).subspan(starts[i].pages.size()));
    Run run{std::vector<std::vector<std::int32_t>>(sequences.size()), std::vector<bool>(sequences.size())};
    std::vector<DecodedToken> arrived;
    for (std::uint32_t launched = 0; launched < count + ahead; launched += ahead) {
        loop->launch(ahead);
        loop->poll(arrived);
    }
    loop->wait();
    loop->poll(arrived);
    for (const DecodedToken& token : arrived) {
        run.tokens[token.sequence].push_back(token.token);
        run.ended[token.sequence] = token.last;
    }
    return run;
}

/// The same tokens by execute and the largest logit.
std::vector<std::int32_t> greedyByExecute(const Program& program, ExecutionState& state,
                                          TestSequence sequence, std::uint32_t count,
                                          std::uint32_t vocabulary) {
    std::vector<std::int32_t> tokens;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto length = static_cast<std::uint32_t>(sequence.tokens.size());
        const auto logits = runRows(program, state, sequence, length - 1, length, vocabulary);
        tokens.push_back(
            static_cast<std::int32_t>(std::max_element(logits.begin(), logits.end()) - logits.begin()));
        sequence.tokens.push_back(tokens.back());
    }
    return tokens;
}

/// How far, in standard deviations of the logits, the worst of a sequence's next tokens is from what execute
/// finds best for the sequence alone: several rows are multiplied in another way than one, so that near ties
/// may fall the other way.
double worstChoice(const Program& program, ExecutionState& state, TestSequence sequence,
                   const std::vector<std::int32_t>& tokens, std::uint32_t vocabulary) {
    double worst = 0;
    for (const std::int32_t token : tokens) {
        const auto length = static_cast<std::uint32_t>(sequence.tokens.size());
        const auto logits = runRows(program, state, sequence, length - 1, length, vocabulary);
        double squares = 0;
        for (const float logit : logits)
            squares += static_cast<double>(logit) * logit;
        const double best = *std::max_element(logits.begin(), logits.end());
        worst = std::max(worst,
                         (best - logits[static_cast<std::size_t>(token)]) / std::sqrt(squares / vocabulary));
        sequence.tokens.push_back(token);
    }
    return worst;
}

void checkLoop(Backend& backend, Report& report, std::mt19937_64& random, const std::string& name,
               const ModelSpec& spec, KvType kvType) {
    const SyntheticModel model = makeModel(spec, random);
    const auto program = backend.upload(model.plan, {});
    const auto state = program->createState({64, 64, kvType});
    std::vector<std::uint32_t> free(64);
    std::iota(free.begin(), free.end(), 0);
    std::vector<TestSequence> sequences;
    constexpr std::uint32_t kCount = 100;
    for (int i = 0; i < 5; ++i) {
        TestSequence s = randomSequence(20 + static_cast<std::uint32_t>(random() % 100) + kCount,
                                        spec.shape.vocabulary, free, random);
        s.tokens.resize(s.tokens.size() - kCount); // pages for what will be decoded
        const auto prompt = static_cast<std::uint32_t>(s.tokens.size() - 1);
        for (std::uint32_t t = 0; t < prompt; t += 64)
            runRows(*program, *state, s, t, std::min(t + 64, prompt), spec.shape.vocabulary);
        sequences.push_back(std::move(s));
    }
    const std::vector<TestSequence> one{sequences[0]};
    const auto expected = greedyByExecute(*program, *state, sequences[0], kCount, spec.shape.vocabulary);
    const Run graphs = decode(*program, *state, one, true, kCount, 12, {}, {});
    const Run eager = decode(*program, *state, one, false, kCount, 5, {}, {});
    report.isTrue(name + ": graphs give execute's tokens", graphs.tokens[0] == expected);
    report.isTrue(name + ": launches give execute's tokens", eager.tokens[0] == expected);
    report.isTrue(name + ": ends after the last token", graphs.ended[0]);

    DecodeSampling warm;
    warm.temperature = 1.0f;
    warm.topK = 20;
    warm.topP = 0.9f;
    warm.minP = 0.01f;
    warm.repetitionPenalty = 1.1f;
    warm.penaltyWindow = 32;
    warm.seed = random();
    const Run first = decode(*program, *state, one, true, kCount, 16, warm, {});
    const Run second = decode(*program, *state, one, false, kCount, 1, warm, {});
    report.isTrue(name + ": same seed, same tokens",
                  first.tokens == second.tokens && first.tokens[0].size() == kCount);
    warm.seed ^= 1;
    report.isTrue(name + ": other seed, other tokens",
                  decode(*program, *state, one, true, kCount, 8, warm, {}).tokens != first.tokens);

    const std::int32_t stop = expected[kCount / 2];
    const auto length =
        static_cast<std::size_t>(std::find(expected.begin(), expected.end(), stop) - expected.begin()) + 1;
    const Run stopped = decode(*program, *state, one, true, kCount, 40, {}, {&stop, 1});
    report.isTrue(name + ": a stop token ends the run",
                  stopped.tokens[0].size() == length && stopped.ended[0] &&
                      std::equal(stopped.tokens[0].begin(), stopped.tokens[0].end(), expected.begin()));

    for (const std::size_t count : {2, 3, 4, 5}) { // at once in one kernel, and beyond that on tensor cores
        const std::vector<TestSequence> several(sequences.begin(),
                                                sequences.begin() + static_cast<std::ptrdiff_t>(count));
        const Run many = decode(*program, *state, several, true, 20, 8, {}, {});
        const Run manyEager = decode(*program, *state, several, false, 20, 8, {}, {});
        report.isTrue(name + ": several sequences, graphs as launches", many.tokens == manyEager.tokens);
        for (std::size_t i = 0; i < count; ++i) {
            report.isTrue(name + ": every sequence gets its tokens", many.tokens[i].size() == 20);
            report.atMost(name + ": a sequence among others gets the tokens it gets alone",
                          worstChoice(*program, *state, several[i], many.tokens[i], spec.shape.vocabulary),
                          0.15);
        }
    }
}

/// As worstChoice, by the kernels of a prompt.
double worstChoiceByPrompt(const Program& program, ExecutionState& state, TestSequence sequence,
                           const std::vector<std::int32_t>& tokens, std::uint32_t vocabulary) {
    const auto first = static_cast<std::uint32_t>(sequence.tokens.size()) - 1;
    sequence.tokens.insert(sequence.tokens.end(), tokens.begin(), tokens.end());
    const auto count = static_cast<std::uint32_t>(tokens.size());
    const auto logits = runRows(program, state, sequence, first, first + count, vocabulary);
    double worst = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto row = std::span(logits).subspan(std::size_t{i} * vocabulary, vocabulary);
        double squares = 0;
        for (const float logit : row)
            squares += static_cast<double>(logit) * logit;
        const double best = *std::max_element(row.begin(), row.end());
        worst = std::max(worst,
                         (best - row[static_cast<std::size_t>(tokens[i])]) / std::sqrt(squares / vocabulary));
    }
    return worst;
}

/// Models wide enough for all layers to run in one grid.
void checkWide(Backend& backend, Report& report, std::mt19937_64& random, const std::string& name,
               const ModelSpec& spec) {
    const SyntheticModel model = makeModel(spec, random);
    const auto program = backend.upload(model.plan, {});
    const auto state = program->createState({64, 64, KvType::F16});
    std::vector<std::uint32_t> free(64);
    std::iota(free.begin(), free.end(), 0);
    constexpr std::uint32_t kCount = 60;
    for (const std::uint32_t length : {1u, 100u, 180u, 300u, 470u}) {
        TestSequence s = randomSequence(length + kCount, spec.shape.vocabulary, free, random);
        s.tokens.resize(length);
        for (std::uint32_t t = 0; t < length - 1; t += 64)
            runRows(*program, *state, s, t, std::min(t + 64, length - 1), spec.shape.vocabulary);
        const Run graphs = decode(*program, *state, {s}, true, kCount, 12, {}, {});
        const Run eager = decode(*program, *state, {s}, false, kCount, 5, {}, {});
        report.isTrue(name + ": graphs as launches",
                      graphs.tokens == eager.tokens && graphs.tokens[0].size() == kCount);
        report.atMost(name + ": the loop's tokens are a prompt's best",
                      worstChoiceByPrompt(*program, *state, s, graphs.tokens[0], spec.shape.vocabulary),
                      0.15);
    }
}

/// A sequence that may say only every third token, beside one that may say all.
void checkMasks(Backend& backend, Report& report, std::mt19937_64& random) {
    const ModelSpec spec = uniformSpec({2, 512, 8, 2, 64, 768, 1003}, QuantType::Q4_0);
    const SyntheticModel model = makeModel(spec, random);
    const auto program = backend.upload(model.plan, {});
    const auto state = program->createState({64, 16, KvType::F16});
    const std::uint32_t vocabulary = spec.shape.vocabulary;
    constexpr std::uint32_t kCount = 40;
    const std::vector<std::uint32_t> pages{3, 5, 1, 4};
    const std::int32_t first = 7;
    std::vector<std::uint32_t> bits(vocabulary / 32 + 1);
    for (std::uint32_t i = 0; i < vocabulary; i += 3)
        bits[i / 32] |= 1u << i % 32;

    for (const bool graphs : {true, false}) {
        const auto loop = program->createDecodeLoop(*state, {2, graphs});
        std::vector<DecodeSequence> starts(2);
        for (std::uint32_t i = 0; i < 2; ++i) {
            starts[i].token = first;
            starts[i].maxTokens = kCount;
            starts[i].pages = std::span(pages).subspan(2 * i, 2);
            starts[i].recent = {&first, 1};
        }
        starts[0].masked = true;
        loop->start(starts);
        loop->launch(4);
        std::vector<DecodedToken> arrived;
        std::uint32_t launched = 4, allowed = 0, masked = 0;
        bool obeyed = true;
        while (masked < kCount) {
            if (allowed == masked) {
                loop->allow(0, bits);
                ++allowed;
            }
            if (launched < masked + 4) {
                loop->launch(4);
                launched += 4;
            }
            arrived.clear();
            loop->poll(arrived);
            for (const DecodedToken& token : arrived) {
                if (token.sequence != 0) continue;
                ++masked;
                obeyed &= token.token % 3 == 0;
            }
        }
        report.isTrue("masks are obeyed", obeyed && masked == kCount);
        loop->wait();

        starts[0].maxTokens = 1000;
        loop->start(starts);
        loop->launch(8);
        loop->wait(); // no mask comes: it ends all the same
        arrived.clear();
        loop->poll(arrived);
        report.isTrue("without its mask a sequence ends",
                      std::none_of(arrived.begin(), arrived.end(),
                                   [](const DecodedToken& token) { return token.sequence == 0; }));
    }
}

} // namespace

void checkDecodeLoop(Backend& backend, Report& report, std::mt19937_64& random) {
    checkLoop(backend, report, random, "loop q4_0",
              uniformSpec({3, 512, 8, 2, 64, 768, 1003}, QuantType::Q4_0), KvType::F16);
    ModelSpec spec = uniformSpec({2, 512, 4, 4, 128, 1024, 5003}, QuantType::Q4_K);
    spec.v = spec.down = spec.head = QuantType::Q6_K;
    checkLoop(backend, report, random, "loop q4_k, q6_k", spec, KvType::Q8_0);
    checkLoop(backend, report, random, "loop q3_k",
              uniformSpec({2, 256, 4, 4, 64, 512, 300}, QuantType::Q3_K), KvType::F16);
    checkLoop(backend, report, random, "loop f16",
              uniformSpec({2, 512, 4, 2, 128, 1024, 700}, QuantType::F16), KvType::F16);
    spec = uniformSpec({2, 1280, 20, 4, 64, 1536, 1003}, QuantType::Q4_K);
    spec.v = spec.down = QuantType::Q6_K;
    spec.pairing = RopePairing::Halves;
    checkWide(backend, report, random, "wide q4_k, q6_k", spec);
    spec = uniformSpec({4, 1280, 10, 5, 128, 2816, 1003}, QuantType::Q4_0);
    spec.window = 200;
    checkWide(backend, report, random, "wide q4_0", spec);
    checkWide(backend, report, random, "wide q4_0, heads of 64",
              uniformSpec({2, 2048, 32, 8, 64, 2048, 1003}, QuantType::Q4_0));
    spec = uniformSpec({2, 4096, 32, 4, 128, 4608, 1003}, QuantType::Q4_K);
    spec.rotated = 64;
    checkWide(backend, report, random, "wide q4_k", spec);
    checkMasks(backend, report, random);
}

} // namespace altiplano::test
