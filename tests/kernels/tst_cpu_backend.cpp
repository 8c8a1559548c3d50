#include "kernels/backend.h"

#include "support/plan_runner.h"
#include "support/random.h"
#include "support/random_plan.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <random>

using namespace altiplano::kernels;
using altiplano::test::PlanRunner;
using altiplano::test::RandomPlan;
using altiplano::test::RandomPlanOptions;

namespace {

constexpr std::array kSets = {"scalar", "avx2", "avx512", "avx512bf16", "amx"};

std::unique_ptr<Backend> backendFor(const char* set, std::uint32_t threads = 2) {
    try {
        return createCpuBackend({threads, set});
    } catch (const BackendError&) {
        return nullptr;
    }
}

std::vector<std::uint32_t> pagesInOrder(std::uint32_t count) {
    std::vector<std::uint32_t> pages(count);
    std::iota(pages.begin(), pages.end(), 0u);
    return pages;
}

/// Squared difference over squares of the second.
template <typename Numbers>
double normalizedError(const std::vector<std::vector<float>>& actual, const std::vector<Numbers>& expected) {
    if (actual.size() != expected.size()) return INFINITY;
    double error = 0, power = 0;
    for (std::size_t row = 0; row < actual.size(); ++row)
        for (std::size_t i = 0; i < actual[row].size(); ++i) {
            error += std::pow(static_cast<double>(actual[row][i]) - static_cast<double>(expected[row][i]), 2);
            power += std::pow(static_cast<double>(expected[row][i]), 2);
        }
    return error / power;
}

#define COMPARE_BELOW(value, limit)                                                                          \
    do {                                                                                                     \
        const double got = (value);                                                                          \
        QVERIFY2(got < (limit), qPrintable(QString::number(got)));                                           \
    } while (false)

/// Shapes and types that between them meet every path: grouped, single and no shared KV heads, odd sizes,
/// partial rotation, mixed types, biases, windows.
std::map<const char*, RandomPlanOptions> variants() {
    using enum QuantType;
    std::map<const char*, RandomPlanOptions> all;
    all["F32"] = {};
    all["F32 odd sizes, biases, halves"] = {
        {1, 36, 3, 1, 20, 77, 61}, {F32}, RopePairing::Halves, 12, 0, true, false};
    all["F16 and BF16, one KV head"] = {{2, 48, 8, 1, 16, 100, 40}, {F16, BF16}};
    all["blocks of 32, tied, window"] = {{1, 96, 3, 3, 32, 160, 90},
                                         {Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, IQ4_NL, MXFP4},
                                         RopePairing::Adjacent,
                                         0,
                                         37,
                                         false,
                                         true};
    all["blocks of 256, biases"] = {{1, 256, 4, 2, 64, 512, 50},
                                    {Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_XS, Q8_K, TQ1_0, TQ2_0},
                                    RopePairing::Halves,
                                    0,
                                    0,
                                    true,
                                    false};
    all["both block sizes in one layer"] = {{1, 256, 4, 4, 64, 256, 50}, {Q4_K, Q4_1, Q8_0, F16, Q6_K}};
    all["head of 80"] = {{1, 160, 4, 2, 80, 96, 33}, {Q8_0, F16}};
    all["head of 128"] = {{1, 256, 2, 1, 128, 96, 33}, {Q4_0, F32}};
    return all;
}

/// Whether a set multiplies these types by activations as they are.
bool exact(const QByteArray& set, const RandomPlanOptions& options) {
    const auto rounds = [&](QuantType type) {
        return quantTraits(type).blockLength != 1 || set == "amx" ||
               (set == "avx512bf16" && type == QuantType::BF16);
    };
    return set == "scalar" || std::ranges::none_of(options.types, rounds);
}

} // namespace

/// The CPU backend through its public seam, against a plain float64 forward pass.
class TestCpuBackend : public QObject {
    Q_OBJECT
    std::mt19937_64 m_random = altiplano::test::seededRandom();

    void addRows() {
        QTest::addColumn<QByteArray>("set");
        QTest::addColumn<QByteArray>("variant");
        for (const char* set : kSets)
            for (const auto& [name, options] : variants())
                QTest::addRow("%s %s", set, name) << QByteArray(set) << QByteArray(name);
    }

    RandomPlanOptions variant(const QByteArray& name) const {
        for (const auto& [key, options] : variants())
            if (name == key) return options;
        return {};
    }

private slots:
    void logitsAreRight_data() { addRows(); }
    void logitsAreRight() {
        QFETCH(QByteArray, set);
        QFETCH(QByteArray, variant);
        const auto backend = backendFor(set.constData());
        if (!backend) QSKIP("this CPU lacks them");
        const RandomPlanOptions options = this->variant(variant);
        const RandomPlan plan(options, m_random);
        const auto tokens = plan.randomTokens(90, m_random);
        const auto program = backend->upload(plan.plan(), {});
        const auto expected = plan.logits(tokens);
        const double limit = set == "scalar" ? 1e-8 : exact(set, options) ? 1e-7 : 3e-3;
        for (const std::size_t chunk : {std::size_t{1}, std::size_t{7}, std::size_t{64}}) {
            PlanRunner runner(*program, plan.shape().vocabulary, pagesInOrder(3));
            COMPARE_BELOW(normalizedError(runner.runChunks(tokens, chunk), expected), limit);
        }
    }

    /// A token's logits are those of its sequence alone, whatever else is in the batch and however it was
    /// cut.
    void sequencesDoNotMix_data() { addRows(); }
    void sequencesDoNotMix() {
        QFETCH(QByteArray, set);
        QFETCH(QByteArray, variant);
        const auto backend = backendFor(set.constData());
        if (!backend) QSKIP("this CPU lacks them");
        const RandomPlanOptions options = this->variant(variant);
        const double limit = exact(set, options) ? 1e-6 : 1e-3;
        const RandomPlan plan(options, m_random);
        const auto program = backend->upload(plan.plan(), {});
        constexpr std::size_t kSequences = 3;
        std::vector<std::vector<std::int32_t>> tokens;
        std::vector<std::vector<std::vector<float>>> alone, together(kSequences);
        for (std::size_t s = 0; s < kSequences; ++s) {
            tokens.push_back(plan.randomTokens(70, m_random));
            PlanRunner runner(*program, plan.shape().vocabulary, pagesInOrder(2));
            alone.push_back(runner.runChunks(tokens[s], 1));
        }
        PlanRunner runner(*program, plan.shape().vocabulary, pagesInOrder(2 * kSequences));
        std::array<std::size_t, kSequences> done{};
        while (std::ranges::any_of(done, [](std::size_t n) { return n < 70; })) {
            std::vector<PlanRunner::Piece> pieces;
            for (std::size_t s = 0; s < kSequences; ++s) {
                const std::size_t wanted = m_random() % 3 == 0 ? m_random() % 16 : m_random() % 2;
                const std::size_t count = std::min(wanted, 70 - done[s]);
                if (count != 0) pieces.push_back({s, std::span(tokens[s]).subspan(done[s], count)});
                done[s] += count;
            }
            std::ranges::shuffle(pieces, m_random);
            if (pieces.empty()) continue;
            const auto logits = runner.run(pieces);
            std::size_t row = 0;
            for (const PlanRunner::Piece& piece : pieces)
                for (std::size_t i = 0; i < piece.tokens.size(); ++i)
                    together[piece.sequence].push_back(logits[row++]);
        }
        for (std::size_t s = 0; s < kSequences; ++s)
            COMPARE_BELOW(normalizedError(together[s], alone[s]), limit);
    }

    /// Bit for bit: the logits that an answer is sampled from are those of its sequence alone, however its
    /// prompt was cut and whatever shares its steps. (So a regenerated answer is the same answer.)
    void answersDoNotDependOnTheirCompany_data() { addRows(); }
    void answersDoNotDependOnTheirCompany() {
        QFETCH(QByteArray, set);
        QFETCH(QByteArray, variant);
        const auto backend = backendFor(set.constData(), 3);
        if (!backend) QSKIP("this CPU lacks them");
        const RandomPlan plan(this->variant(variant), m_random);
        const auto program = backend->upload(plan.plan(), {});
        using Wants = PlanRunner::Wants;
        constexpr std::size_t kPrompt = 270, kAnswer = 6;
        const auto tokens = plan.randomTokens(kPrompt + kAnswer, m_random);
        const auto others = plan.randomTokens(900, m_random);
        const auto answer = [&](bool inCompany) {
            PlanRunner runner(*program, plan.shape().vocabulary, pagesInOrder(60), KvType::F16, 400);
            std::vector<std::vector<float>> logits;
            std::array<std::size_t, 4> companyDone{};
            for (std::size_t done = 0, count; done < tokens.size(); done += count) {
                const bool generated = done >= kPrompt;
                const std::size_t left = kPrompt - std::min(done, kPrompt);
                count = generated ? 1 : inCompany ? std::min<std::size_t>(left, 1 + m_random() % 60) : left;
                const Wants wants = done + count < kPrompt ? Wants::None : Wants::Last;
                std::vector<PlanRunner::Piece> pieces{
                    {0, std::span(tokens).subspan(done, count), wants, generated}};
                for (std::size_t other = 0; inCompany && other < companyDone.size(); ++other) {
                    const std::size_t size = std::array{0, 1, 2, 17}[m_random() % 4];
                    const std::size_t from = std::min(companyDone[other], others.size() - size);
                    if (size != 0)
                        pieces.push_back({1 + other, std::span(others).subspan(from, size),
                                          m_random() % 2 ? Wants::Last : Wants::None, m_random() % 2 == 0});
                    companyDone[other] += size;
                }
                const std::size_t before = inCompany ? m_random() % pieces.size() : 0;
                std::swap(pieces[0], pieces[before]);
                std::size_t slot = 0;
                for (std::size_t i = 0; i < before; ++i)
                    slot += pieces[i].wants == Wants::Last;
                const auto step = runner.run(pieces);
                if (wants == Wants::Last) logits.push_back(step.at(slot));
            }
            return logits;
        };
        QCOMPARE(answer(true), answer(false));
    }

    /// The same where attention cuts what a token sees into larger segments.
    void longAnswersDoNotDependOnChunks() {
        RandomPlanOptions options;
        options.shape = {1, 32, 2, 1, 16, 32, 20};
        options.types = {QuantType::Q8_0};
        const RandomPlan plan(options, m_random);
        const auto tokens = plan.randomTokens(4140, m_random);
        for (const char* set : {"avx2", "avx512", "amx"}) {
            const auto backend = backendFor(set, 3);
            if (!backend) continue;
            const auto program = backend->upload(plan.plan(), {});
            const auto last = [&](std::size_t chunk) {
                PlanRunner runner(*program, plan.shape().vocabulary, pagesInOrder(65), KvType::F16, 512);
                std::vector<std::vector<float>> logits;
                for (std::size_t done = 0, count; done < tokens.size(); done += count) {
                    count = std::min(done < 4040 ? std::min(chunk, 4040 - done) : 1, tokens.size() - done);
                    const PlanRunner::Piece piece{0, std::span(tokens).subspan(done, count),
                                                  done + count < 4040 ? PlanRunner::Wants::None
                                                                      : PlanRunner::Wants::Last,
                                                  done >= 4040};
                    for (auto& row : runner.run({&piece, 1}))
                        logits.push_back(std::move(row));
                }
                return logits;
            };
            QCOMPARE(last(512), last(333));
        }
    }

    /// Bit for bit: twice the same, wherever the pages lie.
    void isDeterministic_data() { addRows(); }
    void isDeterministic() {
        QFETCH(QByteArray, set);
        QFETCH(QByteArray, variant);
        const auto backend = backendFor(set.constData(), 3);
        if (!backend) QSKIP("this CPU lacks them");
        const RandomPlan plan(this->variant(variant), m_random);
        const auto program = backend->upload(plan.plan(), {});
        const auto tokens = plan.randomTokens(90, m_random);
        auto shuffled = pagesInOrder(9);
        std::ranges::shuffle(shuffled, m_random);
        for (const std::size_t chunk : {std::size_t{1}, std::size_t{40}}) {
            PlanRunner first(*program, plan.shape().vocabulary, pagesInOrder(3));
            PlanRunner second(*program, plan.shape().vocabulary, shuffled);
            QCOMPARE(first.runChunks(tokens, chunk), second.runChunks(tokens, chunk));
        }
    }

    /// Long contexts are attended to in parts by several threads.
    void longContextsAreRight() {
        RandomPlanOptions options;
        options.shape = {1, 32, 2, 1, 16, 32, 20};
        const RandomPlan plan(options, m_random);
        const auto tokens = plan.randomTokens(1500, m_random);
        const auto expected = plan.logits(tokens);
        for (const char* set : {"avx2", "avx512"}) {
            const auto backend = backendFor(set, 3);
            if (!backend) continue;
            const auto program = backend->upload(plan.plan(), {});
            for (const std::size_t chunk : {std::size_t{1}, std::size_t{500}}) {
                PlanRunner runner(*program, plan.shape().vocabulary, pagesInOrder(24), KvType::F16, 512);
                COMPARE_BELOW(normalizedError(runner.runChunks(tokens, chunk), expected), 1e-7);
            }
        }
    }

    void q8CacheIsClose_data() { addRows(); }
    void q8CacheIsClose() {
        QFETCH(QByteArray, set);
        QFETCH(QByteArray, variant);
        const auto backend = backendFor(set.constData());
        if (!backend) QSKIP("this CPU lacks them");
        const RandomPlan plan(this->variant(variant), m_random);
        const auto program = backend->upload(plan.plan(), {});
        const auto tokens = plan.randomTokens(100, m_random);
        PlanRunner halves(*program, plan.shape().vocabulary, pagesInOrder(2));
        PlanRunner bytes(*program, plan.shape().vocabulary, pagesInOrder(2), KvType::Q8_0);
        PlanRunner singles(*program, plan.shape().vocabulary, pagesInOrder(2), KvType::Q8_0);
        const auto expected = halves.runChunks(tokens, 50), actual = bytes.runChunks(tokens, 50);
        COMPARE_BELOW(normalizedError(actual, expected), 3e-3);
        QVERIFY(actual != expected);
        COMPARE_BELOW(normalizedError(singles.runChunks(tokens, 1), actual), 1e-3);
        if (plan.shape().headDim % 32 == 0)
            QVERIFY(program->stateBytes({64, 100, KvType::Q8_0}) <
                    program->stateBytes({64, 100, KvType::F16}));
    }

    void halfPlansGiveHiddenStates() {
        for (const char* set : kSets) {
            const auto backend = backendFor(set);
            if (!backend) continue;
            const RandomPlan plan({}, m_random);
            const std::size_t vocabulary = plan.shape().vocabulary, width = plan.shape().hidden;
            const auto whole = backend->upload(plan.plan(), {});
            const auto first = backend->upload(plan.part(false), {}),
                       second = backend->upload(plan.part(true), {});
            const auto tokens = plan.randomTokens(10, m_random);
            PlanRunner runner(*whole, vocabulary, pagesInOrder(1));
            const auto expected = runner.runChunks(tokens, 10);

            const auto firstState = first->createState({10, 1}), secondState = second->createState({10, 1});
            std::vector<BatchRow> rows;
            for (std::uint32_t i = 0; i < 10; ++i)
                rows.push_back({tokens[i], i, 0, true});
            const std::uint32_t page = 0;
            const SequencePages table{{&page, 1}};
            std::vector<float> hidden(10 * width), logits(10 * vocabulary);
            QVERIFY(first->execute(*firstState, {rows, {&table, 1}}, {}, hidden, {}, nullptr));
            QVERIFY(second->execute(*secondState, {rows, {&table, 1}}, logits, hidden, {}, nullptr));
            for (std::size_t row = 0; row < 10; ++row)
                QVERIFY(std::equal(expected[row].begin(), expected[row].end(),
                                   logits.begin() + static_cast<long>(row * vocabulary)));
        }
    }

    void copiedPagesContinueAlike() {
        const RandomPlan plan({}, m_random);
        const auto backend = createCpuBackend({});
        const auto program = backend->upload(plan.plan(), {});
        const auto tokens = plan.randomTokens(30, m_random);
        const auto state = program->createState({64, 2});
        const std::array<std::uint32_t, 2> pages{0, 1};
        const std::array<SequencePages, 2> tables{SequencePages{{&pages[0], 1}},
                                                  SequencePages{{&pages[1], 1}}};
        const auto run = [&](std::size_t begin, std::size_t end, std::uint32_t sequence) {
            std::vector<BatchRow> rows;
            for (std::size_t i = begin; i < end; ++i)
                rows.push_back({tokens[i], static_cast<std::uint32_t>(i), sequence, i + 1 == end});
            std::vector<float> logits(plan.shape().vocabulary);
            program->execute(*state, {rows, tables}, logits, {}, {}, nullptr);
            return logits;
        };
        run(0, 20, 0);
        state->copyPage(0, 1, 20);
        run(20, 25, 0);
        const auto original = run(25, 26, 0);
        run(20, 25, 1);
        QCOMPARE(run(25, 26, 1), original);
    }

    void tellsOfEveryByteOfTheUpload() {
        for (const bool tied : {false, true}) {
            RandomPlanOptions options;
            options.tied = tied;
            options.shape.vocabulary = 300'000; // more than a slice
            options.types = {QuantType::Q8_0};
            const RandomPlan plan(options, m_random);
            const auto backend = createCpuBackend({});
            std::map<const std::byte*, std::size_t> told; // by address
            std::uint64_t kept = 0, last = 0;
            UploadObserver observer;
            observer.onTensor = [&](const TensorView& view, bool inPlace, std::uint64_t done) {
                QVERIFY(told.emplace(view.data, view.bytes()).second);
                QCOMPARE(done, last += view.bytes());
                if (inPlace) kept += view.bytes();
            };
            const auto program = backend->upload(plan.plan(), observer);
            const TensorView table = std::get<EmbedStep>(plan.plan().steps[0]).table;
            QCOMPARE(kept, tied ? 0 : table.bytes());
            QVERIFY(program->weightBytes() < last - kept + 4096);
            const std::byte* at = table.data;
            for (; told.contains(at); at += told[at]) {
            } // slices stand one after the other
            QCOMPARE(static_cast<std::size_t>(at - table.data), table.bytes());
            QVERIFY(tied == (told[table.data] < table.bytes()));
        }
    }

    void uploadStops() {
        const RandomPlan plan({}, m_random);
        std::stop_source source;
        UploadObserver observer{[&](const TensorView&, bool, std::uint64_t) { source.request_stop(); },
                                source.get_token()};
        QVERIFY(!createCpuBackend({})->upload(plan.plan(), observer));
    }

    void executeStops() {
        const RandomPlan plan({}, m_random);
        const auto program = createCpuBackend({})->upload(plan.plan(), {});
        const auto tokens = plan.randomTokens(20, m_random);
        PlanRunner runner(*program, plan.shape().vocabulary, pagesInOrder(1));
        std::stop_source source;
        source.request_stop();
        const PlanRunner::Piece piece{0, tokens};
        QVERIFY(runner.run({&piece, 1}, source.get_token()).empty());
    }

    void countsTimesAndBytes() {
        const RandomPlan plan({}, m_random);
        const auto program = createCpuBackend({})->upload(plan.plan(), {});
        const auto tokens = plan.randomTokens(20, m_random);
        PlanRunner runner(*program, plan.shape().vocabulary, pagesInOrder(1));
        ExecuteTimes times;
        const PlanRunner::Piece piece{0, tokens};
        runner.run({&piece, 1}, {}, &times);
        for (std::size_t phase = 0; phase < times.ns.size(); ++phase)
            QCOMPARE(times.ns[phase] > 0, phase != ExecuteTimes::Sample);
        const PlanShape& s = plan.shape();
        const std::uint64_t attention = s.hidden * (2 * s.heads + 2 * s.kvHeads) * s.headDim;
        const std::uint64_t weights =
            s.layers * (attention + 3 * s.hidden * s.feedForward) + s.vocabulary * s.hidden;
        QCOMPARE(times.weightBytes, 4 * weights);
        QCOMPARE(times.kvBytes, std::uint64_t{20 * 2 * 2} * s.layers * s.kvHeads * s.headDim);
    }

    void refusesWhatDoesNotFit() {
        const RandomPlan plan({}, m_random);
        const auto backend = createCpuBackend({1, "scalar"});
        const auto program = backend->upload(plan.plan(), {});
        const auto state = program->createState({4, 1});
        const std::uint32_t page = 0, wrongPage = 1;
        const SequencePages table{{&page, 1}}, wrongTable{{&wrongPage, 1}};
        std::vector<float> logits(plan.shape().vocabulary);
        const auto refuses = [&](std::vector<BatchRow> rows, const SequencePages& pages,
                                 std::span<float> room) {
            try {
                program->execute(*state, {rows, {&pages, 1}}, room, {}, {}, nullptr);
            } catch (const BackendError& error) {
                return error.kind == BackendError::Kind::Unsupported;
            }
            return false;
        };
        QVERIFY(!refuses({{1, 0, 0, true}}, table, logits));
        QVERIFY(refuses({{1, 0, 0, true}}, table, {}));
        QVERIFY(refuses({{-1, 0, 0, true}}, table, logits));
        QVERIFY(refuses({{50, 0, 0, true}}, table, logits));
        QVERIFY(refuses({{1, 64, 0, true}}, table, logits));
        QVERIFY(refuses({{1, 0, 1, true}}, table, logits));
        QVERIFY(refuses({{1, 0, 0, true}}, wrongTable, logits));
        QVERIFY(refuses({{1, 0, 0, false}, {1, 2, 0, true}}, table, logits));
        QVERIFY(refuses(std::vector<BatchRow>(5, {1, 0, 0, false}), table, {}));

        Plan broken = plan.plan();
        std::get<DownStep>(broken.steps[5]).down.weight.rows = 3;
        QVERIFY_EXCEPTION_THROWN(backend->upload(broken, {}), BackendError);
        QVERIFY_EXCEPTION_THROWN(createCpuBackend({1, "mmx"}), BackendError);
        QVERIFY_EXCEPTION_THROWN(program->createState({4, 0xffffffff}), BackendError);
    }

    void saysWhatItIs() {
        const DeviceInfo info = createCpuBackend({3, "scalar"})->device();
        QCOMPARE(info.backend, std::string("cpu"));
        QCOMPARE(info.threads, 3u);
        QVERIFY(!info.name.empty());
        QVERIFY(info.memoryBytes >= info.freeBytes && info.freeBytes > 0);
        QVERIFY(createCpuBackend({})->device().threads >= 1);
    }
};

QTEST_APPLESS_MAIN(TestCpuBackend)
#include "tst_cpu_backend.moc"
