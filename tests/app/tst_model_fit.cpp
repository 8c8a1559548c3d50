#include "model_controller.h"
#include "models/model_library.h"
#include "models/model_options.h"
#include "scripted_engine.h"

#include "engine/gguf_file.h"
#include "support/bounded_backend.h"
#include "support/tiny_model.h"

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <memory>

using namespace altiplano;
using namespace altiplano::app;

/// How models would run, as the library says it, and how they are loaded: their own settings, and files that
/// vanish.
class TestModelFit : public QObject {
    Q_OBJECT
private slots:
    void init() {
        m_folder = std::make_unique<QTemporaryDir>();
        m_settings = std::make_unique<Settings>(m_folder->filePath("settings.ini"));
        qputenv("ALTIPLANO_STARTER_MODEL", m_folder->filePath("none.gguf").toUtf8());
        QVERIFY(QDir(m_folder->path()).mkpath("models"));
        test::TinyModelOptions options;
        options.layers = 4;
        options.contextLength = 8192;
        options.headDim = 32;
        m_path = QString::fromStdString(
            test::writeTinyModel(m_folder->filePath("models/a.gguf").toStdString(), options).string());
        m_gpu = std::make_shared<test::Bounds>();
        m_freeCpu = 1u << 30;
    }

    void onTheCpu() {
        const auto library = scanned(false);
        const ModelFit fit = fitOf(*library);
        QCOMPARE(fit.kind, ModelFit::OnCpu);
        QCOMPARE(fit.layers, 4);
        QCOMPARE(fit.contextTokens, 4096);
        QCOMPARE(fit.free(), double(1u << 30));
        const engine::Forecast forecast = forecastNow(false);
        QCOMPARE(fit.needed(), double(forecast.onCpu.total()));
        QVERIFY(!fit.hasGpu());
    }

    void onTheGpuAsFarAsItGoes() {
        m_gpu->bytes = 1u << 30;
        const std::uint64_t all = forecastNow(true).onGpu.total();
        QCOMPARE(fitOf(*scanned(true)).kind, ModelFit::OnGpu);
        m_gpu->bytes = all * 3 / 4;
        const ModelFit fit = fitOf(*scanned(true));
        QCOMPARE(fit.kind, ModelFit::Split);
        QVERIFY(fit.gpuLayers > 0 && fit.gpuLayers < 4);
        QCOMPARE(fit.free(), double(m_gpu->bytes));
        QVERIFY(fit.needed() <= fit.free() && fit.hasGpu());
    }

    void tooBigTriesAShorterContext() {
        const engine::MemoryEstimate needed = forecastNow(false).onCpu;
        m_freeCpu = needed.weights + needed.workspace + needed.kv / 2;
        ModelFit fit = fitOf(*scanned(false));
        QCOMPARE(fit.kind, ModelFit::TooBig);
        QCOMPARE(fit.contextThatFits, 2048);
        m_freeCpu = 4096;
        fit = fitOf(*scanned(false));
        QCOMPARE(fit.kind, ModelFit::TooBig);
        QCOMPARE(fit.contextThatFits, 0);
    }

    void theModelInUseMakesRoom() {
        m_gpu->bytes = 1u << 30;
        const std::uint64_t all = forecastNow(true).onGpu.total();
        m_gpu->bytes = all * 5 / 4;
        m_gpu->used = all;
        const auto library = scanned(true);
        QVERIFY(fitOf(*library).kind != ModelFit::OnGpu);
        ModelInfo info;
        info.path = m_path;
        info.weightBytes = info.gpuBytes = all;
        library->setLoaded(info);
        QTRY_COMPARE(fitOf(*library).kind, ModelFit::OnGpu);
        library->setLoaded({});
        QTRY_VERIFY(fitOf(*library).kind != ModelFit::OnGpu);
    }

    /// What a model on the CPU gives back is no more than the process really has in memory.
    void onlyMemoryThatIsThereIsGivenBack() {
        ModelInfo info;
        info.weightBytes = 1'000'000;
        QCOMPARE(heldBy(info).cpu, 1'000'000u);
        info.kvBytes = quint64(1) << 50; // of which nothing was written
        QVERIFY(heldBy(info).cpu < quint64(1) << 34);
        info.gpuBytes = quint64(2) << 50;
        QCOMPARE(heldBy(info).cpu, 0u);
    }

    void ownSettingsCount() {
        const auto library = scanned(false);
        ModelOptions options(*m_settings);
        connect(&options, &ModelOptions::stored, library.get(), &ModelLibrary::settingsChanged);
        const double usual = fitOf(*library).needed();
        options.setPath(m_path);
        QVERIFY(!options.own());
        QCOMPARE(options.contextTokens(), 4096);
        options.setContextTokens(1024);
        QVERIFY(options.own());
        QTRY_COMPARE(fitOf(*library).contextTokens, 1024);
        const double shorter = fitOf(*library).needed();
        QVERIFY(shorter < usual);
        options.setKvQ8(true);
        QTRY_VERIFY(fitOf(*library).needed() < shorter);
        options.setContextTokens(1 << 20); // it was trained for less
        QTRY_COMPARE(fitOf(*library).contextTokens, 8192);
        options.reset();
        QTRY_COMPARE(fitOf(*library).needed(), usual);
    }

    void ownSettingsAreLoadedWith() {
        const QString other = m_folder->filePath("models/b.gguf");
        {
            ModelOptions options(*m_settings);
            options.setPath(m_path);
            options.setContextTokens(2048);
            options.setThreads(3);
            options.setGpuLayers(2);
            options.setKvQ8(true);
        }
        m_settings = std::make_unique<Settings>(m_folder->filePath("settings.ini")); // another start
        ScriptedEngine engine;
        ModelController model(engine, *m_settings);
        model.open(m_path);
        QCOMPARE(engine.loads().last().contextTokens, 2048u);
        QCOMPARE(engine.loads().last().settings, (EngineSettings{3, 2, true, true}));
        model.open(other);
        QCOMPARE(engine.loads().last().contextTokens, LoadRequest().contextTokens);
        QCOMPARE(engine.loads().last().settings, EngineSettings());
        ModelOptions options(*m_settings);
        options.setPath(m_path);
        options.reset();
        model.open(m_path);
        QCOMPARE(engine.loads().last().settings, EngineSettings());
    }

    void aTrialThatIsTakenBecomesTheModelsOwn() {
        ModelOptions options(*m_settings);
        options.setPath(m_path);
        options.setThreads(3);
        ScriptedEngine engine;
        engine.setLoadMs(1);
        ModelController model(engine, *m_settings);
        model.open(m_path);
        QTRY_COMPARE(model.state(), ModelController::Ready);
        model.setEngineSettings({5, -1, false, true});
        QCOMPARE(engine.loads().last().settings.threads, 5u);
        model.open(m_path);
        QCOMPARE(engine.loads().last().settings.threads, 5u);
        QCOMPARE(options.threads(), 5);
    }

    void aShorterContextIsKept() {
        ScriptedEngine engine;
        engine.setLoadMs(1);
        engine.refuse("a.gguf", {engine::ErrorCode::OutOfMemory, "too big"});
        ModelController model(engine, *m_settings);
        model.open(m_path);
        QTRY_COMPARE(model.problem(), ModelController::TooBig);
        model.shortenContext();
        QTRY_COMPARE(model.state(), ModelController::Ready);
        model.open(m_path);
        QCOMPARE(engine.loads().last().contextTokens, 2048u);
    }

    void aFileThatIsGoneBeforeLoading() {
        ScriptedEngine engine;
        engine.setLoadMs(1);
        engine.refuse("a.gguf", {engine::ErrorCode::File, "cannot be opened: No such file or directory"});
        ModelController model(engine, *m_settings);
        model.open(m_path);
        QTRY_COMPARE(model.problem(), ModelController::BadFile); // it is there, but cannot be read
        QVERIFY(QFile::remove(m_path));
        model.open(m_path);
        QTRY_COMPARE(model.problem(), ModelController::FileMissing);
        QCOMPARE(model.problemFile(), QStringLiteral("a.gguf"));
    }

    void aFileThatVanishesInUse() {
        ScriptedEngine engine;
        engine.setLoadMs(1);
        ModelController model(engine, *m_settings);
        model.open(m_path);
        QTRY_COMPARE(model.state(), ModelController::Ready);
        const QString aside = m_path + ".new";
        QVERIFY(QFile::copy(m_path, aside));
        QVERIFY(std::rename(aside.toUtf8().constData(), m_path.toUtf8().constData()) == 0); // replaced
        QTest::qWait(400);
        QCOMPARE(model.problem(), ModelController::NoProblem);
        QVERIFY(QFile::remove(m_path));
        QTRY_COMPARE(model.problem(), ModelController::FileGone);
        QCOMPARE(model.state(), ModelController::Ready);
        model.unload();
        QTRY_COMPARE(model.state(), ModelController::None);
        QCOMPARE(model.problem(), ModelController::NoProblem);
    }

private:
    engine::Forecaster::Machine machine(bool gpu) const {
        return {[bounds = gpu ? m_gpu : nullptr] {
                    return bounds ? test::createBoundedBackend(bounds) : nullptr;
                },
                [this] { return m_freeCpu.load(); }};
    }
    engine::Forecast forecastNow(bool gpu) const {
        return engine::Forecaster(machine(gpu)).forecast(engine::GgufFile::open(m_path.toStdString()), {});
    }
    std::unique_ptr<ModelLibrary> scanned(bool gpu) const {
        auto library = std::make_unique<ModelLibrary>(*m_settings, machine(gpu));
        library->refresh();
        [&] { QTRY_VERIFY(!library->scanning() && library->shown() == 1); }();
        [&] { QTRY_VERIFY(fitOf(*library).known()); }();
        return library;
    }
    static ModelFit fitOf(const ModelLibrary& library) {
        return library.index(0, 0).data(ModelLibrary::FitRole).value<ModelFit>();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Settings> m_settings;
    QString m_path;
    std::shared_ptr<test::Bounds> m_gpu;
    std::atomic<std::uint64_t> m_freeCpu = 0;
};

QTEST_GUILESS_MAIN(TestModelFit)
#include "tst_model_fit.moc"
