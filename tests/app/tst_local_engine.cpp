#include "local_engine.h"
#include "support/random.h"
#include "support/tiny_model.h"

#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <map>

using namespace altiplano;
using namespace altiplano::app;
using engine::ErrorCode;
using engine::FinishReason;

namespace {

/// Listens to an engine, and checks the order of what it tells about every request.
struct Observer {
    explicit Observer(LocalEngine& local) {
        QObject::connect(&local, &EnginePort::loaded, [this](const ModelInfo& i) {
            info = i;
            ++loads;
            loaded = true;
        });
        QObject::connect(&local, &EnginePort::unloaded, [this] {
            ++unloads;
            loaded = false;
        });
        QObject::connect(&local, &EnginePort::loadFailed,
                         [this](const engine::events::Failed& f) { loadFailures << f; });
        QObject::connect(&local, &EnginePort::answered, [this](RequestId id, const AnswerUpdate& update) {
            Answer& answer = answers[id];
            if (answer.ended || update.tokens < answer.last.tokens) inOrder = false;
            answer.text += update.text;
            answer.steps += update.steps.size();
            answer.last = update;
            ++answer.updates;
        });
        QObject::connect(&local, &EnginePort::finished,
                         [this](RequestId id, const engine::events::Finished& result) {
                             Answer& answer = answers[id];
                             if (std::exchange(answer.ended, true)) inOrder = false;
                             answer.result = result;
                         });
        QObject::connect(&local, &EnginePort::failed, [this](RequestId id, const engine::events::Failed& f) {
            Answer& answer = answers[id];
            if (std::exchange(answer.ended, true)) inOrder = false;
            answer.failure = f;
        });
    }

    struct Answer {
        QString text;
        AnswerUpdate last;
        std::size_t steps = 0;
        int updates = 0;
        bool ended = false;
        std::optional<engine::events::Finished> result;
        std::optional<engine::events::Failed> failure;
    };
    ModelInfo info;
    int loads = 0, unloads = 0;
    bool loaded = false;
    bool inOrder = true;
    QList<engine::events::Failed> loadFailures;
    std::map<RequestId, Answer> answers;
};

engine::GenerationRequest ask(const char* text, std::uint32_t tokens) {
    engine::GenerationRequest request;
    request.messages = {{"user", text}};
    request.maxTokens = tokens;
    request.ignoreEos = true;
    request.sampling.seed = 7;
    return request;
}

} // namespace

class TestLocalEngine : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { m_model = tinyModel("tiny.gguf", 2048); }

    void answers() {
        LocalEngine local;
        Observer seen(local);
        local.load({m_model});
        QTRY_VERIFY(seen.loaded);
        QCOMPARE(seen.info.path, m_model);
        QCOMPARE(seen.info.backend, QStringLiteral("cpu"));
        QCOMPARE(seen.info.contextTokens, 2048u);
        QVERIFY(!seen.info.quantization.isEmpty());
        const RequestId id = local.submit(ask("Hello", 20));
        QTRY_VERIFY(seen.answers[id].ended);
        const Observer::Answer& answer = seen.answers[id];
        QVERIFY(answer.result && answer.result->reason == FinishReason::Length);
        QCOMPARE(answer.last.tokens, 20u);
        QCOMPARE(answer.steps, 20u);
        QVERIFY(answer.last.firstTokenNs > 0 && answer.last.decodeNs > 0);
        QVERIFY(answer.last.contextUsed >= 20);
        QCOMPARE(answer.last.promptDone, answer.last.promptTotal);
        QVERIFY(seen.inOrder);
    }

    void theSameSeedGivesTheSameText() {
        LocalEngine local;
        Observer seen(local);
        local.load({m_model});
        const RequestId first = local.submit(ask("Say it", 30));
        const RequestId second = local.submit(ask("Say it", 30));
        QTRY_VERIFY(seen.answers[first].ended && seen.answers[second].ended);
        QVERIFY(!seen.answers[first].text.isEmpty());
        QCOMPARE(seen.answers[first].text, seen.answers[second].text);
    }

    void stopIsHeardAtOnce() {
        LocalEngine local;
        Observer seen(local);
        local.load({m_model});
        const RequestId early = local.submit(ask("Never", 1000));
        local.stop(early); // before it began
        QTRY_VERIFY(seen.answers[early].ended);
        QVERIFY(seen.answers[early].result && seen.answers[early].result->reason == FinishReason::Stopped);
        QCOMPARE(seen.answers[early].last.tokens, 0u);

        const RequestId late = local.submit(ask("Long", 1900));
        QThread::msleep(20); // not until it is heard of: by then a tiny model may have said it all
        local.stop(late);
        QTRY_VERIFY(seen.answers[late].ended);
        QVERIFY(seen.answers[late].result->reason == FinishReason::Stopped);
        QVERIFY(seen.answers[late].last.tokens < 1900);

        const RequestId next = local.submit(ask("And on", 5)); // an old stop does not reach it
        QTRY_VERIFY(seen.answers[next].ended);
        QCOMPARE(seen.answers[next].last.tokens, 5u);
        local.stop(next); // too late, and harmless
        local.stop(12345);
    }

    void unloadEndsTheAnswers() {
        LocalEngine local;
        Observer seen(local);
        local.load({m_model});
        const RequestId id = local.submit(ask("Long", 1900));
        QTRY_VERIFY(seen.answers[id].last.tokens > 0);
        local.unload();
        QTRY_COMPARE(seen.unloads, 1);
        QVERIFY(seen.answers[id].ended && seen.answers[id].result->reason == FinishReason::Stopped);
        const RequestId after = local.submit(ask("Anyone?", 5));
        QTRY_VERIFY(seen.answers[after].ended);
        QVERIFY(seen.answers[after].failure && seen.answers[after].failure->code == ErrorCode::BadRequest);
    }

    void aBadFileLeavesTheModel() {
        LocalEngine local;
        Observer seen(local);
        local.load({m_model});
        QTRY_VERIFY(seen.loaded);
        const QString letter = m_folder.filePath("letter.gguf");
        QFile file(letter);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("Dear model, this is no model.") > 0);
        file.close();
        for (const QString& path : {letter, m_folder.filePath("missing.gguf"), m_folder.path()}) {
            const auto failures = seen.loadFailures.size();
            local.load({path});
            QTRY_COMPARE(seen.loadFailures.size(), failures + 1);
            QVERIFY(!seen.loadFailures.last().sentence.empty());
        }
        QCOMPARE(seen.unloads, 0);
        const RequestId id = local.submit(ask("Still there?", 5));
        QTRY_VERIFY(seen.answers[id].ended);
        QVERIFY(seen.answers[id].result.has_value());
    }

    void aNewModelReplacesTheOld() {
        const QString other = tinyModel("other.gguf", 256);
        LocalEngine local;
        Observer seen(local);
        local.load({m_model});
        local.load({other});
        QTRY_COMPARE(seen.info.path, other);
        QCOMPARE(seen.info.contextTokens, 256u);
        QVERIFY(seen.loadFailures.isEmpty()); // the first load was replaced or done, not failed
        local.load({other, 64});
        QTRY_COMPARE(seen.info.contextTokens, 64u);
    }

    void cancelledLoads() {
        LocalEngine local;
        Observer seen(local);
        for (int i = 0; i < 20; ++i) {
            const auto before = seen.loads + seen.loadFailures.size();
            local.load({m_model});
            local.cancelLoad();
            QTRY_COMPARE(seen.loads + seen.loadFailures.size(), before + 1);
        }
        for (const auto& failure : seen.loadFailures)
            QCOMPARE(failure.code, ErrorCode::Cancelled);
        local.load({m_model});
        const int loads = seen.loads;
        QTRY_VERIFY(seen.loads > loads);
    }

    void manyAtOnce() {
        LocalEngine local;
        Observer seen(local);
        local.load({m_model});
        std::vector<RequestId> ids;
        for (int i = 0; i < 6; ++i)
            ids.push_back(local.submit(ask("Together", 40)));
        for (const RequestId id : ids)
            QTRY_VERIFY(seen.answers[id].ended);
        for (const RequestId id : ids)
            QCOMPARE(seen.answers[id].last.tokens, 40u);
        QVERIFY(seen.inOrder);
    }

    /// Loads, questions, stops and unloads in any order and at any moment: every request ends exactly once.
    void randomCycles() {
        std::mt19937_64 random = test::seededRandom();
        LocalEngine local;
        Observer seen(local);
        std::vector<RequestId> ids;
        for (int cycle = 0; cycle < 200; ++cycle) {
            if (random() % 2) local.load({m_model, static_cast<quint32>(64 << random() % 4)});
            const int requests = static_cast<int>(random() % 3);
            for (int i = 0; i < requests; ++i)
                ids.push_back(local.submit(ask("Cycle", 1 + random() % 200)));
            if (random() % 2) QTest::qWait(static_cast<int>(cycle % 8 ? random() % 6 : 40));
            if (!ids.empty() && random() % 2) local.stop(ids[random() % ids.size()]);
            if (random() % 8 == 0) local.cancelLoad();
            if (random() % 2) local.unload();
        }
        local.unload();
        const auto ended = [&] {
            return std::all_of(ids.begin(), ids.end(), [&](RequestId id) { return seen.answers[id].ended; });
        };
        QTRY_VERIFY_WITH_TIMEOUT(ended(), 60'000);
        QTRY_VERIFY(!seen.loaded);
        QVERIFY(seen.inOrder);
        local.load({m_model}); // and after all that it works as on the first day
        QTRY_VERIFY(seen.loaded);
        const RequestId last = local.submit(ask("Still well?", 5));
        QTRY_VERIFY(seen.answers[last].ended);
        QCOMPARE(seen.answers[last].last.tokens, 5u);
    }

    void goneInTheMiddle() {
        for (int i = 0; i < 20; ++i) {
            LocalEngine local;
            local.load({m_model});
            local.submit(ask("Interrupted", 1900));
            QTest::qWait(i);
        }
    }

private:
    QString tinyModel(const char* name, std::uint32_t contextLength) {
        test::TinyModelOptions options;
        options.contextLength = contextLength;
        return QString::fromStdString(
            test::writeTinyModel(m_folder.filePath(name).toStdString(), options).string());
    }

    QTemporaryDir m_folder;
    QString m_model;
};

QTEST_GUILESS_MAIN(TestLocalEngine)
#include "tst_local_engine.moc"
