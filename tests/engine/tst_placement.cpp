#include "engine/error.h"
#include "engine/forecast.h"
#include "engine/forward_plan.h"
#include "engine/model.h"
#include "engine/model_config.h"
#include "engine/scheduler.h"
#include "engine/scoring.h"

#include "support/bounded_backend.h"
#include "support/heard.h"
#include "support/scripted_model.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

#include <QTest>

#include <array>
#include <deque>
#include <set>

using namespace altiplano::engine;
using namespace altiplano::test;

namespace {

constexpr std::uint32_t kLayers = 5;

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

} // namespace

/// Which layers of a model run on a device with too little memory for all, and that the model stays the same.
/// The device is the CPU's kernels behind a limit.
class TestPlacement : public QObject {
    Q_OBJECT

    TemporaryFolder m_folder;
    std::filesystem::path m_path;
    std::uint64_t m_layerBytes = 0;

    std::uint64_t kvBytes(std::uint32_t layers, const SchedulerOptions& run) const {
        const auto shape = ModelConfig::fromGguf(GgufFile::open(m_path)).shape;
        return std::max(run.contextTokens, run.poolTokens) / 64 *
               pageBytes(shape, layers, static_cast<altiplano::kernels::KvType>(run.kvType));
    }

    /// Memory for just so many layers, and half a one.
    std::shared_ptr<Bounds> roomFor(std::uint32_t layers, const SchedulerOptions& run) const {
        auto bounds = std::make_shared<Bounds>();
        bounds->bytes = (layers * m_layerBytes + m_layerBytes / 2 + kvBytes(layers, run)) * 20 / 19;
        return bounds;
    }

    static LoadOptions on(const std::shared_ptr<Bounds>& bounds, std::int32_t gpuLayers = -1,
                          const SchedulerOptions& run = small()) {
        LoadOptions options;
        options.threads = 2;
        options.gpuLayers = gpuLayers;
        options.runWith = run;
        options.makeBackend = [bounds] { return createBoundedBackend(bounds); };
        return options;
    }

    static std::set<std::uint16_t> onlyFrom(std::uint32_t first, std::uint32_t end) {
        std::set<std::uint16_t> numbers;
        for (std::uint32_t i = first; i < end; ++i)
            numbers.insert(static_cast<std::uint16_t>(i));
        return numbers;
    }

    /// What is said before loading.
    Forecast foresee(const std::shared_ptr<Bounds>& bounds, const SchedulerOptions& run = small()) const {
        Forecaster forecaster({[bounds] { return createBoundedBackend(bounds); }, {}});
        return forecaster.forecast(GgufFile::open(m_path), on(bounds, -1, run));
    }

    static SchedulerOptions small() {
        SchedulerOptions options;
        options.contextTokens = 256;
        return options;
    }

    static std::vector<float> logitsOf(const Model& model, KvType kvType) {
        std::vector<float> all;
        const auto take = [&](std::uint32_t, std::span<const float> logits) {
            all.insert(all.end(), logits.begin(), logits.end());
        };
        ScoringOptions options;
        options.kvType = kvType;
        options.chunk = 23;
        scoreTokens(model, byteTokens("It is the same model, wherever its layers are. Is it not?"), take,
                    options);
        return all;
    }

private slots:
    void initTestCase() {
        TinyModelOptions options;
        options.layers = kLayers;
        options.headDim = 32;
        options.allOf(altiplano::kernels::QuantType::Q8_0);
        m_path = writeTinyModel(m_folder.path() / "tiny.gguf", options);
        const GgufFile file = GgufFile::open(m_path);
        for (const GgufTensor& tensor : file.tensors())
            if (tensor.name.starts_with("blk.0.")) m_layerBytes += tensor.bytes;
    }

    void aSplitModelIsTheSameModel() {
        LoadOptions cpu;
        cpu.backend = BackendChoice::Cpu;
        cpu.threads = 2;
        const auto whole = Model::load(m_path, cpu);
        QCOMPARE(whole->placement().gpuLayers, 0u);
        auto bounds = std::make_shared<Bounds>();
        bounds->bytes = 1u << 30;
        for (const KvType kvType : {KvType::F16, KvType::Q8_0})
            for (std::int32_t layers = 0; layers <= std::int32_t(kLayers) + 1; ++layers) {
                const auto split = Model::load(m_path, on(bounds, layers));
                QCOMPARE(split->placement().gpuLayers, std::min(std::uint32_t(layers), kLayers));
                QCOMPARE(split->devices().size(), std::size_t(layers == 0 || layers >= int(kLayers) ? 1 : 2));
                QCOMPARE(bounds->used > 0, layers > 0);
                QVERIFY(logitsOf(*split, kvType) == logitsOf(*whole, kvType));
            }
    }

    void asManyLayersAsFitAreTaken() {
        for (std::uint32_t layers = 1; layers < kLayers; ++layers) {
            const auto bounds = roomFor(layers, small());
            const auto model = Model::load(m_path, on(bounds));
            const Placement& placement = model->placement();
            QCOMPARE(placement.gpuLayers, layers);
            QCOMPARE(placement.layers, kLayers);
            QCOMPARE(bounds->layers, layers);
            QCOMPARE(placement.gpuBytes, layers * m_layerBytes + kvBytes(layers, small()));
            QVERIFY(contains(placement.reason, std::to_string(layers) + " of 5 layers run on the GPU"));
            QVERIFY(contains(placement.reason, "256 tokens") && placement.reason.ends_with('.'));
            QCOMPARE(model->devices().front().layers, layers);
            QCOMPARE(model->devices().back().layers, kLayers - layers);
            QCOMPARE(model->devices().back().backend, std::string("cpu"));
            const Placement foreseen = foresee(roomFor(layers, small())).placement;
            QCOMPARE(foreseen.gpuLayers, layers);
            QCOMPARE(foreseen.reason, placement.reason);
            Scheduler scheduler(model, small()); // what was left free does for it
        }
    }

    void whatElseNeedsRoomCounts() {
        SchedulerOptions large = small();
        large.contextTokens = 4096;
        SchedulerOptions largeQ8 = large;
        largeQ8.kvType = KvType::Q8_0;
        const auto bounds = roomFor(4, large);
        const auto layers = [&](const SchedulerOptions& run) {
            return foresee(bounds, run).placement.gpuLayers;
        };
        QCOMPARE(layers(large), 4u);
        QCOMPARE(layers(small()), kLayers);
        QCOMPARE(layers(largeQ8), kLayers);
        large.poolTokens = 3 * large.contextTokens;
        QVERIFY(layers(large) < 4);
    }

    void withoutRoomForALayerTheCpuRunsAll() {
        auto bounds = std::make_shared<Bounds>();
        bounds->bytes = m_layerBytes / 2;
        const auto model = Model::load(m_path, on(bounds));
        QCOMPARE(model->placement().gpuLayers, 0u);
        QCOMPARE(model->device().backend, std::string("cpu"));
        QVERIFY(contains(model->device().reason, "not one layer"));
        QCOMPARE(foresee(bounds).placement.reason, model->device().reason);
    }

    void moreLayersThanFitAreRefused() {
        const auto bounds = roomFor(3, small());
        try {
            Model::load(m_path, on(bounds, 4));
            QFAIL("loaded what does not fit");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::OutOfMemory);
            QVERIFY(contains(error.what(), "4 of 5 layers on the GPU"));
            QVERIFY(contains(error.what(), "3 fit."));
        }
        QCOMPARE(Model::load(m_path, on(bounds, 3))->placement().gpuLayers, 3u);
        QVERIFY(contains(Model::load(m_path, on(bounds, 1))->placement().reason, "were asked for"));
    }

    /// Another program took the memory meanwhile, say.
    void aDeviceThatPromisesTooMuchGetsLess() {
        const auto bounds = roomFor(2, small());
        bounds->lies = 4 * m_layerBytes + kvBytes(4, small());
        const auto model = Model::load(m_path, on(bounds));
        QVERIFY(model->placement().gpuLayers >= 1 && model->placement().gpuLayers < kLayers);
        QVERIFY(bounds->uploads > 1);
        QVERIFY(contains(model->placement().reason, "did not fit"));
    }

    void aContextThatDoesNotFitNamesWhatDoes() {
        SchedulerOptions large = small();
        large.contextTokens = 8192;
        const auto bounds = roomFor(3, large);
        const auto model = Model::load(m_path, on(bounds, -1, large));
        QCOMPARE(model->placement().gpuLayers, 3u);
        large.contextTokens = 12'288;
        try {
            Scheduler scheduler(model, large);
            QFAIL("made a scheduler that does not fit");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::OutOfMemory);
            QVERIFY2(contains(error.what(), "12,288 tokens"), error.what());
            QVERIFY2(contains(error.what(), "of the GPU's memory"), error.what());
            QVERIFY2(contains(error.what(), "with K/V in q8_0 it fits"), error.what());
            QVERIFY2(contains(error.what(), "with 2 of 5 layers on the GPU it fits"), error.what());
            QVERIFY2(contains(error.what(), "one of 6,144 tokens fits"), error.what());
        }
        const auto fewer = Model::load(m_path, on(bounds, 2, large)); // it does
        Scheduler fits(fewer, large);
    }

    void loadingTellsItsProgress() {
        std::uint64_t last = 0, all = 0;
        bool falls = false;
        Model::load(m_path, on(roomFor(2, small())), [&](std::uint64_t done, std::uint64_t total) {
            falls |= done < last || done > total;
            last = done;
            all = total;
        });
        QVERIFY(!falls && all > 0);
        QCOMPARE(last, all);
        std::stop_source stop;
        try {
            Model::load(
                m_path, on(roomFor(2, small())),
                [&](std::uint64_t done, std::uint64_t total) {
                    if (done > total / 2) stop.request_stop();
                },
                stop.get_token());
            QFAIL("was not cancelled");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Cancelled);
        }
    }

    /// Whose time it was, layer by layer, whether the device tells when it did what or not.
    void theTimesTellWhoTookThem() {
        for (const bool silent : {false, true}) {
            const auto bounds = roomFor(2, small());
            bounds->silent = silent;
            const auto model = Model::load(m_path, on(bounds));
            QCOMPARE(model->placement().gpuLayers, 2u);
            Scheduler scheduler(model, small());
            scheduler.recordSpans(true);
            Heard heard;
            GenerationRequest request = ScriptedModel::request(byteTokens("Whose time was it?"), 5);
            request.ignoreEos = true;
            scheduler.submit(request, heard.listener());
            runAll(scheduler);
            int steps = 0;
            for (const GenerationEvent& event : heard.events) {
                const auto* delta = std::get_if<events::Delta>(&event);
                if (!delta) continue;
                ++steps;
                const StepTiming& timing = delta->timing;
                std::array<std::int64_t, kDevicePhases> all{}, cpu{};
                std::set<std::uint16_t> gpuLayers, cpuLayers;
                std::int64_t end = 0;
                QVERIFY(timing.spans);
                for (const DeviceSpan& span : *timing.spans) {
                    const auto phase = static_cast<std::size_t>(span.phase);
                    all[phase] += span.durationNs;
                    if (span.cpuPart) cpu[phase] += span.durationNs;
                    if (span.phase == DevicePhase::FeedForward)
                        (span.cpuPart ? cpuLayers : gpuLayers).insert(span.layer);
                    const bool outside =
                        span.phase == DevicePhase::Embed || span.phase == DevicePhase::Logits;
                    QVERIFY(!outside || span.cpuPart);
                    QVERIFY(span.startNs >= end);
                    end = silent ? 0 : span.startNs + span.durationNs;
                }
                QVERIFY(all == timing.deviceNs);
                QVERIFY(cpu == timing.cpuPartNs);
                QCOMPARE(cpuLayers, onlyFrom(2, model->placement().layers));
                QCOMPARE(gpuLayers, silent ? onlyFrom(0, 1) : onlyFrom(0, 2));
            }
            QVERIFY(steps >= 5);
        }
    }

    /// Chats side by side, a stop, a cached beginning: the same texts as on one device.
    void theSchedulerRunsIt() {
        LoadOptions cpu;
        cpu.backend = BackendChoice::Cpu;
        cpu.threads = 2;
        SchedulerOptions options = small();
        options.poolTokens = 1024;
        options.promptChunk = 40;
        const auto texts = [&options](const std::shared_ptr<const Model>& model) {
            Scheduler scheduler(model, options);
            std::deque<Heard> heard(4);
            const char* prompts[] = {"Once upon a time there was a", "The weather is",
                                     "Once upon a time there was a", "Once upon a time there were two"};
            for (std::size_t i = 0; i < 4; ++i) {
                GenerationRequest request = ScriptedModel::request(byteTokens(prompts[i]), 40);
                request.ignoreEos = true;
                scheduler.submit(request, heard[i].listener());
                if (i >= 1) runAll(scheduler);
            }
            std::vector<std::vector<TokenId>> ids;
            for (const Heard& one : heard)
                ids.push_back(one.ids);
            return heard[2].finished->timings.reusedTokens > 0 ? ids : decltype(ids)();
        };
        const auto split = texts(Model::load(m_path, on(roomFor(2, options), -1, options)));
        QCOMPARE(split.size(), std::size_t(4));
        QCOMPARE(split[3].size(), std::size_t(40));
        QVERIFY(split == texts(Model::load(m_path, cpu)));
    }
};

QTEST_APPLESS_MAIN(TestPlacement)
#include "tst_placement.moc"
