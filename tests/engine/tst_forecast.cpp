#include "engine/error.h"
#include "engine/forecast.h"
#include "engine/gguf_file.h"
#include "engine/scheduler.h"

#include "support/bounded_backend.h"
#include "support/heard.h"
#include "support/scripted_model.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

#include <QTest>

#include <fstream>

using namespace altiplano::engine;
using namespace altiplano::test;
using altiplano::kernels::QuantType;

namespace {

constexpr double kAllowed = 0.05;

/// What this process has in memory of its own, files not counted.
std::uint64_t residentBytes() {
    std::ifstream status("/proc/self/status");
    std::string word;
    while (status >> word)
        if (std::uint64_t kilobytes = 0; word == "RssAnon:" && status >> kilobytes) return kilobytes * 1024;
    return 0;
}

bool near(std::uint64_t foreseen, std::uint64_t taken) {
    const double off = double(foreseen) - double(taken);
    return std::abs(off) <= kAllowed * double(taken);
}

QByteArray comparison(const char* what, std::uint64_t foreseen, std::uint64_t taken) {
    return QByteArray(what) + ": foreseen " + QByteArray::number(qulonglong(foreseen)) + ", taken " +
           QByteArray::number(qulonglong(taken));
}

} // namespace

Q_DECLARE_METATYPE(TinyModelOptions)
Q_DECLARE_METATYPE(SchedulerOptions)

/// What is said before loading against what loading takes.
class TestForecast : public QObject {
    Q_OBJECT

    TemporaryFolder m_folder;

    static LoadOptions onCpu(const SchedulerOptions& run) {
        LoadOptions options;
        options.backend = BackendChoice::Cpu;
        options.threads = 2;
        options.runWith = run;
        return options;
    }

    static void compareWithLoading(const std::filesystem::path& path, const SchedulerOptions& run) {
        const LoadOptions options = onCpu(run);
        const Forecast forecast = Forecaster().forecast(GgufFile::open(path), options);
        const auto model = Model::load(path, options);
        const Scheduler scheduler(model, run);
        const std::uint64_t kv = scheduler.kvBytes(), workspace = scheduler.bytes() - kv;
        QVERIFY(forecast.fits);
        QCOMPARE(forecast.onGpu.total(), 0u);
        const auto check = [](const char* what, std::uint64_t foreseen, std::uint64_t taken) {
            QVERIFY2(near(foreseen, taken), comparison(what, foreseen, taken));
        };
        check("weights", forecast.onCpu.weights, model->weightBytes());
        check("K/V", forecast.onCpu.kv, kv);
        check("workspace", forecast.onCpu.workspace, workspace);
    }

    std::filesystem::path tiny(std::uint32_t layers = 4, std::uint32_t contextLength = 8192) const {
        TinyModelOptions options;
        options.layers = layers;
        options.contextLength = contextLength;
        options.headDim = 32;
        return writeTinyModel(m_folder.path() / "tiny.gguf", options.allOf(QuantType::Q8_0));
    }

    static Forecaster::Machine machine(std::uint64_t cpuBytes, std::shared_ptr<Bounds> gpu = {}) {
        return {[gpu] { return gpu ? createBoundedBackend(gpu) : nullptr; }, [cpuBytes] { return cpuBytes; }};
    }

private slots:
    void whatLoadingTakes_data() {
        QTest::addColumn<TinyModelOptions>("model");
        QTest::addColumn<SchedulerOptions>("run");
        TinyModelOptions model;
        SchedulerOptions run;
        QTest::newRow("F32, untied") << model << run;
        run.contextTokens = 100; // no whole page
        QTest::newRow("a short context") << model << run;
        run = {};
        model.tied = true;
        model.hidden = 256;
        model.feedForward = 768;
        model.headDim = 64;
        model.kvHeads = 4;
        run.kvType = KvType::Q8_0;
        run.contextTokens = 2048;
        run.poolTokens = 8192;
        QTest::newRow("Q4_K, tied, K/V q8_0, large pool")
            << TinyModelOptions(model).allOf(QuantType::Q4_K) << run;
        model.architecture = "qwen2";
        model.layers = 7;
        model.vocabularySize = 5000;
        run = {};
        run.promptChunk = 64;
        QTest::newRow("qwen2 with biases, small chunks")
            << TinyModelOptions(model).allOf(QuantType::Q5_1) << run;
    }
    void whatLoadingTakes() {
        QFETCH(TinyModelOptions, model);
        QFETCH(SchedulerOptions, run);
        compareWithLoading(writeTinyModel(m_folder.path() / "model.gguf", model), run);
    }

    void theStarterModel() {
        if (!qEnvironmentVariableIsSet("ALTIPLANO_STARTER_MODEL"))
            QSKIP("ALTIPLANO_STARTER_MODEL is not set");
        const std::filesystem::path path = qEnvironmentVariable("ALTIPLANO_STARTER_MODEL").toStdString();
        compareWithLoading(path, {});

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        return; // they take memory of their own
#endif
        // And by what the system says of the process, once every page of K/V was written.
        SchedulerOptions run;
        run.contextTokens = 512;
        run.promptChunk = 512;
        const Forecast forecast = Forecaster().forecast(GgufFile::open(path), onCpu(run));
        const std::uint64_t before = residentBytes();
        const auto model = Model::load(path, onCpu(run));
        Scheduler scheduler(model, run);
        Heard heard;
        GenerationRequest request = ScriptedModel::request(std::vector<TokenId>(505, 100), 4);
        request.ignoreEos = true;
        scheduler.submit(request, heard.listener());
        runAll(scheduler);
        QVERIFY(heard.finished);
        const std::uint64_t taken = residentBytes() - before;
        QVERIFY2(near(forecast.onCpu.total(), taken), comparison("all", forecast.onCpu.total(), taken));
        qInfo("%s", comparison("the process", forecast.onCpu.total(), taken).constData());
    }

    /// A device with given memory: the forecast's split is the one that loading makes, and takes what was
    /// said on both sides.
    void onAGpuWithLittleMemory() {
        const auto path = tiny(5);
        const auto file = GgufFile::open(path);
        auto large = std::make_shared<Bounds>();
        large->bytes = 1u << 30;
        const std::uint64_t all = Forecaster(machine(0, large)).forecast(file, {}).onGpu.total();
        for (std::uint64_t twentieths = 2; twentieths <= 30; twentieths += 2) {
            auto bounds = std::make_shared<Bounds>();
            bounds->bytes = all * twentieths / 20;
            Forecaster forecaster(machine(0, bounds));
            LoadOptions options;
            options.threads = 2;
            const Forecast forecast = forecaster.forecast(file, options);
            QVERIFY(forecast.fits);
            QCOMPARE(forecast.free.gpu, bounds->bytes);
            options.makeBackend = [bounds] { return createBoundedBackend(bounds); };
            const auto model = Model::load(path, options);
            const Scheduler scheduler(model, options.runWith);
            QCOMPARE(forecast.placement.gpuLayers, model->placement().gpuLayers);
            const std::uint64_t gpu = model->gpuBytes(options.runWith);
            QVERIFY2(near(forecast.onGpu.total(), gpu), comparison("GPU", forecast.onGpu.total(), gpu));
            QVERIFY(gpu <= bounds->bytes);
            MemoryEstimate both = forecast.onCpu;
            both += forecast.onGpu;
            const std::uint64_t taken = model->weightBytes() + scheduler.kvBytes();
            QVERIFY2(near(both.weights + both.kv, taken), comparison("both", both.weights + both.kv, taken));
        }
    }

    /// What the loaded model holds counts as free, on either device.
    void whatWillBeUnloadedIsFree() {
        const auto file = GgufFile::open(tiny());
        auto bounds = std::make_shared<Bounds>();
        bounds->bytes = 1u << 30;
        const std::uint64_t all = Forecaster(machine(0, bounds)).forecast(file, {}).onGpu.total();
        bounds->bytes = 4 * all / 3;
        bounds->used = all;
        Forecaster forecaster(machine(0, bounds));
        QVERIFY(forecaster.forecast(file, {}).placement.gpuLayers < 4);
        QCOMPARE(forecaster.forecast(file, {}, {0, all}).placement.gpuLayers, 4u);
        Forecaster small(machine(1000));
        QVERIFY(!small.forecast(file, {}).fits);
        QVERIFY(small.forecast(file, {}, {64u << 20, 0}).fits);
    }

    void tooBigNamesAContextThatFits() {
        SchedulerOptions run;
        run.contextTokens = 8192;
        const auto file = GgufFile::open(tiny());
        const MemoryEstimate needed = Forecaster(machine(0)).forecast(file, onCpu(run)).onCpu;
        const std::uint64_t perToken = needed.kv / 8192;
        const std::uint64_t fixed = needed.weights + needed.workspace;
        const auto foresee = [&](std::uint64_t bytes) {
            return Forecaster(machine(bytes)).forecast(file, onCpu(run));
        };
        QVERIFY(foresee(needed.total()).fits);
        QVERIFY(!foresee(needed.total() - 1).fits);
        QCOMPARE(foresee(needed.total() - 1).contextThatFits, 4096u);
        QCOMPARE(foresee(fixed + 2048 * perToken).contextThatFits, 2048u);
        QCOMPARE(foresee(fixed + 2048 * perToken - 1).contextThatFits, 1024u);
        QCOMPARE(foresee(fixed).contextThatFits, 0u);
    }

    void moreLayersThanFitAreSaid() {
        const auto file = GgufFile::open(tiny());
        auto bounds = std::make_shared<Bounds>();
        bounds->bytes = 1u << 30;
        bounds->bytes = Forecaster(machine(0, bounds)).forecast(file, {}).onGpu.total() / 2;
        LoadOptions options;
        options.gpuLayers = 4;
        const Forecast forecast = Forecaster(machine(0, bounds)).forecast(file, options);
        QVERIFY(!forecast.fits);
        QVERIFY(forecast.placement.reason.find("of 4 layers") != std::string::npos);
        options.gpuLayers = 0;
        const Forecast none = Forecaster(machine(0, bounds)).forecast(file, options);
        QVERIFY(none.fits && none.placement.gpuLayers == 0);
        QCOMPARE(bounds->uploads, 0u); // nothing was loaded for all this
    }

    void aGpuThatIsInsistedOnMustBeThere() {
        LoadOptions options;
        options.backend = BackendChoice::Cuda;
        Forecaster forecaster(machine(0));
        try {
            forecaster.forecast(GgufFile::open(tiny()), options);
            QFAIL("ran on a GPU that is not there");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Device);
        }
    }
};

QTEST_APPLESS_MAIN(TestForecast)
#include "tst_forecast.moc"
