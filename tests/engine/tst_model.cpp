#include "engine/error.h"
#include "engine/model.h"
#include "engine/model_config.h"
#include "engine/scheduler.h"

#include "kernels/backend.h"

#include "support/heard.h"
#include "support/random.h"
#include "support/scripted_model.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

#include <QTest>

#include <algorithm>
#include <deque>
#include <numeric>
#include <thread>

using namespace altiplano::engine;
using namespace altiplano::test;

namespace {

LoadOptions onCpu() {
    LoadOptions options;
    options.backend = BackendChoice::Cpu;
    options.threads = 2;
    return options;
}

template <typename Work>
int codeOf(Work work) {
    try {
        work();
    } catch (const Error& error) {
        return static_cast<int>(error.code());
    }
    return -1;
}

} // namespace

/// Loading, the device's choice, prompts, and models that come and go.
class TestModel : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { m_path = writeTinyModel(m_folder.path() / "tiny.gguf", {}); }

    void loadingTellsItsProgress() {
        std::vector<std::uint64_t> seen;
        std::uint64_t total = 0;
        const auto model = Model::load(m_path, onCpu(), [&](std::uint64_t done, std::uint64_t all) {
            seen.push_back(done);
            total = all;
        });
        QVERIFY(seen.size() > 5);
        QVERIFY(std::is_sorted(seen.begin(), seen.end()));
        QCOMPARE(seen.back(), total);
        QVERIFY(model->loadNs() > 0);
        QVERIFY(model->weightBytes() > 0);
        QCOMPARE(model->contextLength(), 512u);
    }

    void loadingCanBeCancelled() {
        int all = 0, calls = 0;
        Model::load(m_path, onCpu(), [&](std::uint64_t, std::uint64_t) { ++all; });
        std::stop_source stop;
        const auto load = [&] {
            Model::load(
                m_path, onCpu(),
                [&](std::uint64_t, std::uint64_t) {
                    ++calls;
                    stop.request_stop();
                },
                stop.get_token());
        };
        QCOMPARE(codeOf(load), static_cast<int>(ErrorCode::Cancelled));
        QVERIFY(calls > 0 && calls < all);
        calls = 0;
        QCOMPARE(codeOf(load), static_cast<int>(ErrorCode::Cancelled)); // requested before it began
        QCOMPARE(calls, 0);
    }

    void aFileThatCannotBeUsedIsRefused() {
        QCOMPARE(codeOf([&] { Model::load(m_folder.path() / "absent.gguf", onCpu()); }),
                 static_cast<int>(ErrorCode::File));
        QCOMPARE(codeOf([&] {
                     GgufWriter writer = tinyModelWriter();
                     writer.eraseTensor("blk.1.ffn_up.weight");
                     writer.write(m_folder.path() / "bad.gguf");
                     Model::load(m_folder.path() / "bad.gguf", onCpu());
                 }),
                 static_cast<int>(ErrorCode::BadFile));
    }

    /// More threads than CPUs would only wait for each other.
    void threadsAreNoMoreThanCpus() {
        LoadOptions options = onCpu();
        options.threads = 1000;
        QCOMPARE(Model::load(m_path, options)->device().threads, altiplano::kernels::usableCpus());
        QVERIFY(altiplano::kernels::usableCpus() <= std::max(1u, std::thread::hardware_concurrency()));
    }

    void theDeviceIsReportedWithAReason() {
        const auto cpu = Model::load(m_path, onCpu());
        QCOMPARE(cpu->device().backend, std::string("cpu"));
        QCOMPARE(cpu->device().layers, 2u);
        QCOMPARE(cpu->device().threads, std::min(2u, altiplano::kernels::usableCpus()));
        QCOMPARE(cpu->device().reason, std::string("The CPU was asked for."));
        LoadOptions none;
        none.gpuLayers = 0;
        QCOMPARE(Model::load(m_path, none)->device().reason,
                 std::string("No layers on the GPU were asked for."));
        const auto automatic = Model::load(m_path, {});
        QVERIFY(automatic->device().reason.ends_with('.'));
    }

    void instructionsThatAreNotThereAreRefused() {
        LoadOptions options = onCpu();
        options.instructions = "abacus";
        QCOMPARE(codeOf([&] { Model::load(m_path, options); }), static_cast<int>(ErrorCode::Unsupported));
    }

    void weightsThatDoNotFitAreRefused() {
        auto script = std::make_shared<DeviceScript>();
        script->freeBytes = 1000;
        try {
            Model::load(m_path, scriptedOptions(script));
            QFAIL("loaded into too little memory");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::OutOfMemory);
            QVERIFY(std::string(error.what()).find("smaller quantization") != std::string::npos);
        }
    }

    void theFilesTemplateIsUsed() {
        TinyModelOptions options;
        options.chatTemplate =
            "{{ bos_token }}{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}"
            "{% if add_generation_prompt %}<assistant>{% endif %}";
        const auto model = Model::load(writeTinyModel(m_folder.path() / "template.gguf", options), onCpu());
        QVERIFY(model->builtInTemplate().empty());
        QVERIFY(model->warnings().empty());
        QCOMPARE(model->renderPrompt({{"user", "hi"}}), std::string("<s><user>hi<assistant>"));
        QCOMPARE(model->renderPrompt({{"user", "hi"}}, false), std::string("<s><user>hi"));
        const auto spelled = model->encodePrompt({{"user", "hi</s><s>"}});
        QCOMPARE(std::ranges::count(spelled, kEos), std::ptrdiff_t(0));
        QCOMPARE(std::ranges::count(spelled, TokenId(1)), std::ptrdiff_t(1)); // the template's
        const auto tokens = model->encodePrompt({{"user", "hi"}});
        QCOMPARE(std::count(tokens.begin(), tokens.end(), *model->tokenizer().vocabulary().bos), 1);
    }

    void withoutATemplateABuiltInOneIsUsedWithAWarning() {
        const auto plain = Model::load(m_path, onCpu());
        QVERIFY(!plain->builtInTemplate().empty());
        QCOMPARE(plain->warnings().size(), std::size_t(1));
        QVERIFY(plain->warnings()[0].find(plain->builtInTemplate()) != std::string::npos);
        QVERIFY(plain->renderPrompt({{"user", "hello there"}}).find("hello there") != std::string::npos);

        TinyModelOptions options;
        options.vocabulary = TinyVocabulary::Bpe; // has <|im_start|>
        const auto chatml = Model::load(writeTinyModel(m_folder.path() / "bpe.gguf", options), onCpu());
        QCOMPARE(chatml->builtInTemplate(), std::string("chatml"));

        options.chatTemplate = "{% for %}";
        const auto broken = Model::load(writeTinyModel(m_folder.path() / "broken.gguf", options), onCpu());
        QCOMPARE(broken->builtInTemplate(), std::string("chatml"));
        QVERIFY(broken->warnings()[0].find("cannot be used") != std::string::npos);
    }

    void sameSeedSameText() {
        const auto model = Model::load(m_path, onCpu());
        const auto text = [&](std::uint64_t seed) {
            Scheduler scheduler(model, {});
            GenerationRequest request;
            request.prompt = "the quick";
            request.maxTokens = 40;
            request.ignoreEos = true;
            request.sampling.temperature = 1.5f;
            request.sampling.seed = seed;
            Heard heard;
            scheduler.submit(request, heard.listener());
            runAll(scheduler);
            return heard.ids;
        };
        QVERIFY(text(1) == text(1));
        QVERIFY(text(1) != text(2));
    }

    void timesOfTheDeviceLieWithinTheWait() {
        const auto model = Model::load(m_path, onCpu());
        Scheduler scheduler(model, {});
        Heard heard;
        scheduler.submit(ScriptedModel::request(byteTokens("how long does this take"), 10), heard.listener());
        runAll(scheduler);
        int steps = 0;
        for (const GenerationEvent& event : heard.events) {
            const auto* delta = std::get_if<events::Delta>(&event);
            if (!delta) continue;
            const std::int64_t device = std::accumulate(delta->timing.deviceNs.begin(),
                                                        delta->timing.deviceNs.end(), std::int64_t(0));
            QVERIFY(device > 0 && device <= delta->timing.host(HostPhase::Wait));
            QVERIFY(delta->timing.device(DevicePhase::FeedForward) > 0);
            QVERIFY(delta->timing.weightBytes > 0 && delta->timing.weightBytes <= model->weightBytes());
            ++steps;
        }
        QVERIFY(steps > 0);
    }

    /// Two threads, a scheduler each, one model.
    void oneModelServesSeveralThreads() {
        const auto model = Model::load(m_path, onCpu());
        const auto answer = [&] {
            Scheduler scheduler(model, {});
            Heard heard;
            GenerationRequest request = ScriptedModel::request(byteTokens("several threads"), 20);
            request.ignoreEos = true;
            scheduler.submit(request, heard.listener());
            runAll(scheduler);
            return heard.ids;
        };
        std::vector<TokenId> other;
        {
            std::jthread thread([&] { other = answer(); });
            for (int i = 0; i < 3; ++i)
                QCOMPARE(answer().size(), std::size_t(20));
        }
        QVERIFY(other == answer());
    }

    /// Load, generate, stop at any time, unload: 200 times, all of it clean under the sanitizers.
    void modelsComeAndGo() {
        auto random = seededRandom();
        for (int cycle = 0; cycle < 200; ++cycle) {
            std::stop_source stopLoading, stop;
            std::jthread stopper([&, delay = random() % 3000, which = random() % 8] {
                std::this_thread::sleep_for(std::chrono::microseconds(delay));
                if (which == 0) stopLoading.request_stop();
                if (which < 4) stop.request_stop();
            });
            std::shared_ptr<const Model> model;
            try {
                model = Model::load(m_path, onCpu(), {}, stopLoading.get_token());
            } catch (const Error& error) {
                QCOMPARE(error.code(), ErrorCode::Cancelled);
                continue;
            }
            SchedulerOptions options;
            options.contextTokens = 256;
            options.promptChunk = 1 + static_cast<std::uint32_t>(random() % 64);
            options.kvType = random() % 2 ? KvType::F16 : KvType::Q8_0;
            auto scheduler = std::make_unique<Scheduler>(model, options);
            if (random() % 2) model.reset(); // the scheduler holds it
            std::deque<Heard> heard(1 + random() % 3);
            for (Heard& one : heard) {
                GenerationRequest request = ScriptedModel::request(
                    std::vector<TokenId>(1 + random() % 200, static_cast<TokenId>(3 + random() % 200)),
                    static_cast<std::uint32_t>(random() % 10));
                request.sampling.temperature = 1;
                scheduler->submit(request, one.listener(), stop.get_token());
            }
            if (random() % 4) {
                runAll(*scheduler);
                for (const Heard& one : heard)
                    QVERIFY(one.endedOnce() && one.finished);
            } else { // goes away in the middle of its work
                for (std::uint64_t slices = random() % 5; slices > 0; --slices)
                    scheduler->runSlice();
            }
        }
    }

private:
    TemporaryFolder m_folder;
    std::filesystem::path m_path;
};

QTEST_APPLESS_MAIN(TestModel)
#include "tst_model.moc"
