#include "remote/endpoint.h"
#include "remote/switching_engine.h"
#include "scripted_engine.h"

#include <QSignalSpy>
#include <QTest>

using namespace altiplano;
using namespace altiplano::app;

namespace {

const QString kFile = QStringLiteral("/models/a.gguf");
const QString kRemote = RemoteModel{QStringLiteral("abc"), QStringLiteral("m")}.path();

/// Two scripted engines as one; writes down what is heard.
struct Session {
    Session() : engine(local, remote) {
        for (ScriptedEngine* one : {&local, &remote})
            one->setLoadMs(20);
        local.setAnswers({{QStringLiteral("from here"), 2000, 10, 0}});
        remote.setAnswers({{QStringLiteral("from there"), 2000, 10, 0}});
        QObject::connect(&engine, &EnginePort::loaded, &engine,
                         [this](const ModelInfo& info) { heard << "loaded " + info.path; });
        QObject::connect(&engine, &EnginePort::unloaded, &engine,
                         [this] { heard << QStringLiteral("unloaded"); });
        QObject::connect(&engine, &EnginePort::loadFailed, &engine,
                         [this] { heard << QStringLiteral("failed"); });
        QObject::connect(&engine, &EnginePort::answered, &engine,
                         [this](RequestId id, const AnswerUpdate& update) { texts[id] += update.text; });
        QObject::connect(
            &engine, &EnginePort::finished, &engine,
            [this](RequestId id, const engine::events::Finished& result) { ends[id] = result.reason; });
    }
    void load(const QString& path) {
        heard.clear();
        engine.load({path});
        [&] { QTRY_VERIFY(heard.contains("loaded " + path)); }();
    }
    QString answer() {
        const RequestId id = engine.submit({});
        [&] { QTRY_VERIFY(ends.contains(id)); }();
        return texts[id];
    }

    ScriptedEngine local, remote;
    SwitchingEngine engine;
    QStringList heard;
    QMap<RequestId, QString> texts;
    QMap<RequestId, engine::FinishReason> ends;
};

} // namespace

class TestSwitchingEngine : public QObject {
    Q_OBJECT
private slots:
    void whatIsLoadedAnswers() {
        Session s;
        s.load(kFile);
        QCOMPARE(s.answer(), "from here");
        s.load(kRemote);
        QCOMPARE(s.heard, (QStringList{"unloaded", "loaded " + kRemote}));
        QCOMPARE(s.answer(), "from there");
        s.load(kFile);
        QCOMPARE(s.heard, (QStringList{"unloaded", "loaded " + kFile}));
        QCOMPARE(s.answer(), "from here");
        QCOMPARE(s.local.loads().size(), 2);
        QCOMPARE(s.remote.loads().size(), 1);
    }

    /// The local model's memory is free once a remote one is loaded.
    void aRemoteModelUnloadsTheLocalOne() {
        Session s;
        s.load(kFile);
        const QSignalSpy freed(&s.local, &EnginePort::unloaded);
        s.load(kRemote);
        QCOMPARE(freed.size(), 1);
    }

    void aRefusedOneLeavesTheOther() {
        Session s;
        s.load(kRemote);
        s.local.refuse("a.gguf", {engine::ErrorCode::BadFile, "bad"});
        s.heard.clear();
        s.engine.load({kFile});
        QTRY_COMPARE(s.heard, QStringList{"failed"});
        QCOMPARE(s.answer(), "from there");
    }

    void requestsAreTold_apart() {
        Session s;
        s.load(kFile);
        s.local.setAnswers({{QStringLiteral("word ").repeated(3000), 50, 10, 0}});
        const RequestId here = s.engine.submit({});
        QTRY_VERIFY(!s.texts[here].isEmpty());
        s.load(kRemote); // ends it
        QTRY_COMPARE(s.ends.value(here), engine::FinishReason::Stopped);
        s.remote.setAnswers({{QStringLiteral("word ").repeated(3000), 50, 10, 0}});
        const RequestId one = s.engine.submit({}), two = s.engine.submit({});
        QVERIFY(one && two && one != two && one != here && two != here);
        s.engine.stop(one);
        QTRY_VERIFY(s.ends.contains(one));
        QVERIFY(!s.ends.contains(two));
    }

    void aRemoteModelDuringALoad() {
        Session s;
        s.local.setLoadMs(60'000);
        s.engine.load({kFile});
        s.load(kRemote);
        QTest::qWait(100);
        QCOMPARE(s.heard.count("loaded " + kRemote), 1);
        QVERIFY(!s.heard.contains("failed")); // what was given up is not told of
        QCOMPARE(s.answer(), "from there");
    }

    void unload() {
        Session s;
        s.load(kRemote);
        s.heard.clear();
        s.engine.unload();
        QTRY_COMPARE(s.heard, QStringList{"unloaded"});
    }

    void countedByWhoIsLoaded() {
        Session s;
        s.load(kFile);
        QSignalSpy counted(&s.engine, &EnginePort::counted);
        const RequestId id = s.engine.countTokens("one two");
        QVERIFY(counted.wait());
        QCOMPARE(counted.first().first().toULongLong(), id);
    }
};

QTEST_GUILESS_MAIN(TestSwitchingEngine)
#include "tst_switching_engine.moc"
