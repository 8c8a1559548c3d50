#include "cuda/checks.h"
#include "cuda/float64_model.h"
#include "cuda/synthetic_model.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace altiplano::test {

using namespace kernels;

namespace {

/// What the stages leave of the logits, as probabilities: sorted lists and sums, nothing like the kernel.
std::vector<double> distribution(const std::vector<double>& logits, const DecodeSampling& s) {
    struct Token {
        std::size_t id;
        double logit, p;
    };
    std::vector<Token> tokens;
    for (std::size_t i = 0; i < logits.size(); ++i)
        tokens.push_back({i, logits[i], 0});
    const auto normalize = [&] {
        double largest = -1e300, total = 0;
        for (const Token& t : tokens)
            largest = std::max(largest, t.logit);
        for (Token& t : tokens)
            total += t.p = std::exp(t.logit - largest);
        for (Token& t : tokens)
            t.p /= total;
    };
    const auto keepMass = [&](double mass) { // of the list as it stands
        double sum = 0;
        std::size_t kept = 0;
        while (kept < tokens.size() && sum < mass)
            sum += tokens[kept++].p;
        tokens.resize(std::max<std::size_t>(kept, 1));
    };
    std::stable_sort(tokens.begin(), tokens.end(),
                     [](const Token& a, const Token& b) { return a.logit > b.logit; });
    if (s.topK > 0 && s.topK < tokens.size()) tokens.resize(s.topK);
    normalize();
    if (s.typicalP < 1) {
        double entropy = 0;
        for (const Token& t : tokens)
            entropy -= t.p * std::log(t.p);
        std::stable_sort(tokens.begin(), tokens.end(), [&](const Token& a, const Token& b) {
            return std::fabs(-std::log(a.p) - entropy) < std::fabs(-std::log(b.p) - entropy);
        });
        keepMass(static_cast<double>(s.typicalP));
        std::stable_sort(tokens.begin(), tokens.end(),
                         [](const Token& a, const Token& b) { return a.logit > b.logit; });
        normalize();
    }
    if (s.topP < 1) keepMass(static_cast<double>(s.topP));
    normalize();
    if (s.minP > 0)
        std::erase_if(tokens,
                      [p = tokens[0].p * static_cast<double>(s.minP)](const Token& t) { return t.p < p; });
    for (Token& t : tokens)
        t.logit /= static_cast<double>(s.temperature);
    normalize();
    std::vector<double> out(logits.size());
    for (const Token& t : tokens)
        out[t.id] = t.p;
    return out;
}

/// A model without layers is a Markov chain: the next token depends on the last alone. Draws many tokens and
/// compares the frequencies after each token with what the stages must leave.
void checkChain(Backend& backend, Report& report, std::mt19937_64& random, const std::string& name,
                std::uint32_t vocabulary, DecodeSampling sampling) {
    ModelSpec spec = uniformSpec({0, 32, 1, 1, 64, 32, vocabulary}, QuantType::F32);
    const SyntheticModel model = makeModel(spec, random);
    const auto program = backend.upload(model.plan, {});
    const auto state = program->createState({1, 4, KvType::F16});
    const std::vector<std::uint32_t> pages{0, 1, 2, 3};
    const auto loop = program->createDecodeLoop(*state, {1, true});
    Float64Model reference(model.plan, KvType::F16);
    std::map<std::int32_t, std::vector<double>> expected;
    std::map<std::int32_t, std::map<std::int32_t, int>> counts;
    std::map<std::int32_t, int> visits;
    bool inside = true;
    int draws = 0;
    for (int round = 0; round < 60; ++round) {
        DecodeSequence start;
        start.token = static_cast<std::int32_t>(random() % vocabulary);
        start.maxTokens = 250;
        start.pages = pages;
        sampling.seed = random();
        start.sampling = sampling;
        loop->start({&start, 1});
        std::vector<DecodedToken> tokens;
        loop->launch(250);
        loop->wait();
        loop->poll(tokens);
        std::int32_t before = start.token;
        for (const DecodedToken& t : tokens) {
            auto& probabilities = expected[before];
            if (probabilities.empty()) probabilities = distribution(reference.run(before), sampling);
            // Tokens at a threshold may fall on either side for float32's sake: hardly ever, so none is
            // taken.
            inside &= probabilities[static_cast<std::size_t>(t.token)] > 0;
            ++counts[before][t.token];
            ++visits[before];
            ++draws;
            before = t.token;
        }
    }
    report.isTrue(name + ": all tokens arrive", draws == 60 * 250);
    report.isTrue(name + ": only tokens that the stages leave", inside);
    // Chi-square over all states with enough visits, as a normal deviate (Wilson and Hilferty's).
    double chi = 0, freedom = 0;
    for (const auto& [before, visited] : visits) {
        // Tokens that are expected less than five times count as one.
        std::vector<std::pair<double, double>> categories{{0, 0}}; // wanted, got
        for (std::size_t i = 0; i < vocabulary; ++i) {
            const double want = expected[before][i] * visited;
            const double got = counts[before][static_cast<std::int32_t>(i)];
            if (want >= 5) {
                categories.emplace_back(want, got);
            } else {
                categories[0].first += want;
                categories[0].second += got;
            }
        }
        if (categories[0].first < 5 && categories.size() > 1) {
            categories.back().first += categories[0].first;
            categories.back().second += categories[0].second;
            categories.erase(categories.begin());
        }
        freedom += static_cast<double>(categories.size() - 1);
        if (categories.size() < 2) continue;
        for (const auto& [want, got] : categories)
            chi += (got - want) * (got - want) / want;
    }
    report.isTrue(name + ": enough draws to judge", freedom >= 1);
    const double spread = 2 / (9 * freedom);
    report.atMost(name + ": chi-square deviate",
                  std::max(0.0, (std::cbrt(chi / freedom) - (1 - spread)) / std::sqrt(spread)), 5);
}

} // namespace

void checkSampling(Backend& backend, Report& report, std::mt19937_64& random) {
    const auto with = [](auto change) {
        DecodeSampling s;
        s.temperature = 1;
        change(s);
        return s;
    };
    const auto run = [&](const std::string& name, std::uint32_t vocabulary, const DecodeSampling& s) {
        checkChain(backend, report, random, "sampling, " + name, vocabulary, s);
    };
    run("plain", 40, with([](auto&) {}));
    run("warm", 40, with([](auto& s) { s.temperature = 1.7f; }));
    run("top-k", 300, with([](auto& s) { s.topK = 7; }));
    run("top-p", 300, with([](auto& s) { s.topP = 0.8f; }));
    run("min-p", 300, with([](auto& s) { s.minP = 0.1f; }));
    run("typical", 300, with([](auto& s) { s.typicalP = 0.7f; }));
    // What the few most probable tokens do not bound, or too many of them do.
    run("wide top-k", 1500, with([](auto& s) {
            s.topK = 700;
            s.temperature = 0.3f;
        }));
    run("wide top-p", 3001, with([](auto& s) {
            s.topP = 0.999f;
            s.temperature = 0.3f;
        }));
    run("top-p and min-p", 3001, with([](auto& s) {
            s.topP = 0.97f;
            s.minP = 0.02f;
        }));
    run("top-k and typical", 3001, with([](auto& s) {
            s.topK = 30;
            s.typicalP = 0.6f;
        }));
    run("all", 5003, with([](auto& s) {
            s.topK = 40;
            s.typicalP = 0.95f;
            s.topP = 0.9f;
            s.minP = 0.05f;
            s.temperature = 0.7f;
        }));
}

} // namespace altiplano::test
