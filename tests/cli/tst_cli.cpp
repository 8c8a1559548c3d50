#include "support/tiny_model.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using altiplano::test::TinyModelOptions;

namespace {

struct Result {
    int exitCode = -1;
    QByteArray out, err;
    QJsonDocument json() const { return QJsonDocument::fromJson(out); }
};

} // namespace

/// The terminal contract, from outside the process: exit codes, what goes to which stream, JSON fields.
class TestCli : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void wrongUsageExitsWith2_data();
    void wrongUsageExitsWith2();
    void badInputExitsWith1_data();
    void badInputExitsWith1();
    void inspect();
    void inspectOfAnUnsupportedArchitecture();
    void tokenizeAndBack_data();
    void tokenizeAndBack();
    void tokenizeNeedsNoTensors();
    void templateRenders();
    void completeIsRepeatable();
    void completeJson();
    void scoreMatchesItsLogits();
    void oneTokenIsNotScored();
    void benchRows();
    void chatAnswersEachLine();
    void chatGoesOnAfterAFailedMessage();
    void oddSettingsAreSaid();
    void interruptExitsWith130();

private:
    Result run(const QStringList& arguments, const QByteArray& input = {}) const;
    QString path(const QString& name) const { return m_folder.filePath(name); }
    QString write(const QString& name, const QByteArray& content) const;

    QTemporaryDir m_folder;
    QString m_model;
};

Result TestCli::run(const QStringList& arguments, const QByteArray& input) const {
    QProcess process;
    process.start(CLI_PROGRAM, arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(60000) || process.exitStatus() != QProcess::NormalExit) return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

QString TestCli::write(const QString& name, const QByteArray& content) const {
    QFile file(path(name));
    if (file.open(QIODevice::WriteOnly)) file.write(content);
    return file.fileName();
}

void TestCli::initTestCase() {
    TinyModelOptions options;
    options.chatTemplate = "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}"
                           "{% if add_generation_prompt %}<assistant>{% endif %}";
    options.contextLength = 4096;
    m_model = path("tiny.gguf");
    altiplano::test::writeTinyModel(m_model.toStdString(), options);
}

void TestCli::wrongUsageExitsWith2_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("no command") << QStringList{};
    QTest::newRow("unknown command") << QStringList{"fly"};
    QTest::newRow("no model") << QStringList{"inspect"};
    QTest::newRow("unknown option") << QStringList{"inspect", m_model, "--colour"};
    QTest::newRow("bad backend") << QStringList{"inspect", m_model, "--backend", "tpu"};
    QTest::newRow("bad layers") << QStringList{"inspect", m_model, "--gpu-layers", "many"};
    QTest::newRow("no prompt") << QStringList{"complete", m_model};
    QTest::newRow("two prompts") << QStringList{"complete", m_model, "--prompt", "a", "--file", "b"};
    QTest::newRow("bad temperature") << QStringList{"complete", m_model,         "--prompt",
                                                    "a",        "--temperature", "-1"};
    for (const char* number : {"nan", "-nan", "inf", "-inf", "1e999"}) {
        for (const char* option : {"--temperature", "--top-p", "--min-p", "--frequency-penalty",
                                   "--xtc-threshold", "--mirostat-tau"})
            QTest::addRow("%s %s", option, number)
                << QStringList{"complete", m_model, "--prompt", "a", QString(option) + '=' + number};
        QTest::addRow("bias %s", number)
            << QStringList{"complete", m_model, "--prompt", "a", QString("--logit-bias=3=") + number};
    }
    QTest::newRow("bad DRY base") << QStringList{"complete", m_model, "--prompt", "a", "--dry-base", "11"};
    QTest::newRow("nothing to time") << QStringList{"bench", m_model, "-p", "0", "-n", "0"};
    QTest::newRow("bad bias") << QStringList{"complete", m_model, "--prompt", "a", "--logit-bias", "3"};
    QTest::newRow("bad variable") << QStringList{"template", m_model, "--messages", write("m.json", "[]"),
                                                 "--set",    "x=yes"};
    QTest::newRow("template of nothing") << QStringList{"template", "--messages", path("m.json")};
}

void TestCli::wrongUsageExitsWith2() {
    QFETCH(const QStringList, arguments);
    const Result result = run(arguments);
    QCOMPARE(result.exitCode, 2);
    QVERIFY(result.out.isEmpty());
    QVERIFY(result.err.startsWith("altiplano-cli: "));
    QCOMPARE(result.err.count('\n'), 1);
}

void TestCli::badInputExitsWith1_data() {
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("named");
    QFile model(m_model);
    QVERIFY(model.open(QIODevice::ReadOnly));
    const QString half = write("half.gguf", model.read(model.size() / 2));
    const QString text = write("text.gguf", "This is not a model.");
    const QString ids = write("ids.json", "[1, 999999]");
    QTest::newRow("missing file") << QStringList{"inspect", path("none.gguf")} << QByteArray("none.gguf");
    QTest::newRow("a folder") << QStringList{"inspect", m_folder.path()} << m_folder.path().toUtf8();
    QTest::newRow("not GGUF") << QStringList{"inspect", text} << QByteArray("text.gguf");
    QTest::newRow("cut file") << QStringList{"complete", half, "--prompt", "a"} << QByteArray("half.gguf");
    QTest::newRow("ids out of range")
        << QStringList{"detokenize", m_model, "--ids", ids} << QByteArray("999999");
    QTest::newRow("not ids") << QStringList{"score", m_model, "--ids", write("o.json", "{}")}
                             << QByteArray("o.json");
    QTest::newRow("not JSON") << QStringList{"template", m_model, "--messages", write("bad.json", "[{")}
                              << QByteArray("bad.json");
    QTest::newRow("template fails") << QStringList{"template", "--jinja",
                                                   write("t.jinja", "\n{{ raise_exception('No way') }}"),
                                                   "--messages", write("none.json", "[]")}
                                    << QByteArray("No way");
    QTest::newRow("prompt too long") << QStringList{"complete", m_model,    "--ctx",
                                                    "64",       "--prompt", QString(500, 'a')}
                                     << QByteArray("64");
    QTest::newRow("depth without end")
        << QStringList{"bench", m_model, "-p", "8", "-n", "8", "-d", "4294967295"}
        << QByteArray("4,294,967,295");
    QTest::newRow("score beyond --ctx")
        << QStringList{"score", m_model, "--file", write("long.txt", QByteArray(100, 'x')), "--ctx", "16"}
        << QByteArray("--ctx");
    QTest::newRow("bench beyond --ctx")
        << QStringList{"bench", m_model, "-p", "100", "-n", "0", "--ctx", "100"} << QByteArray("100");
    QTest::newRow("no space for logits")
        << QStringList{"score", m_model, "--file", text, "--logits", "/dev/full"} << QByteArray("/dev/full");
    QTest::newRow("logits nowhere") << QStringList{"score", m_model,    "--file",
                                                   text,    "--logits", path("no/where")}
                                    << QByteArray("no/where");
}

void TestCli::badInputExitsWith1() {
    QFETCH(const QStringList, arguments);
    QFETCH(const QByteArray, named);
    const Result result = run(arguments);
    QCOMPARE(result.exitCode, 1);
    QVERIFY2(result.err.contains(named), result.err.constData());
    QVERIFY(result.err.startsWith("altiplano-cli: "));
    QCOMPARE(result.err.count('\n'), 1);
}

void TestCli::inspect() {
    const Result result = run({"inspect", m_model, "--json", "--ctx", "1024"});
    QCOMPARE(result.exitCode, 0);
    const QJsonObject json = result.json().object();
    QCOMPARE(json["metadata"]["general.architecture"].toString(), QString("llama"));
    QCOMPARE(json["metadata"]["llama.block_count"].toInt(), 2);
    bool found = false;
    for (const QJsonValue tensor : json["tensors"].toArray())
        if (tensor["name"].toString() == "blk.1.ffn_down.weight") {
            found = true;
            QCOMPARE(tensor["type"].toString(), QString("F32"));
            QCOMPARE(tensor["shape"].toArray(), QJsonArray({128, 64}));
        }
    QVERIFY(found);
    // 2 (K and V) x 2 layers x 2 heads x 16 x 2 bytes x 1024 tokens
    QCOMPARE(json["memory"]["kv_bytes"].toInt(), 2 * 2 * 2 * 16 * 2 * 1024);
    QVERIFY(run({"inspect", m_model}).out.contains("blk.1.ffn_down.weight"));
}

void TestCli::inspectOfAnUnsupportedArchitecture() {
    auto writer = altiplano::test::tinyModelWriter();
    writer.set("general.architecture", std::string("mamba"));
    writer.write(path("mamba.gguf").toStdString());
    const Result result = run({"inspect", path("mamba.gguf"), "--json"});
    QCOMPARE(result.exitCode, 0);
    QCOMPARE(result.json()["memory"]["runnable"].toBool(true), false);
    QVERIFY(result.json()["memory"]["reason"].toString().contains("mamba"));
    QCOMPARE(run({"complete", path("mamba.gguf"), "--prompt", "a"}).exitCode, 1);
}

void TestCli::tokenizeAndBack_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("words") << QByteArray("Hello, world");
    QTest::newRow("spaces") << QByteArray("  two  and\n\n a tab\t.");
    QTest::newRow("unicode") << QByteArray("naïve 日本語 🦙");
    QTest::newRow("empty") << QByteArray();
}

void TestCli::tokenizeAndBack() {
    QFETCH(const QByteArray, text);
    for (const auto vocabulary :
         {altiplano::test::TinyVocabulary::SentencePiece, altiplano::test::TinyVocabulary::Bpe}) {
        TinyModelOptions options;
        options.vocabulary = vocabulary;
        altiplano::test::writeTinyModel(path("vocabulary.gguf").toStdString(), options);
        const QString file = write("text.txt", text);
        for (const QStringList& frame : {QStringList{}, QStringList{"--no-bos"}}) {
            const Result ids = run(QStringList{"tokenize", path("vocabulary.gguf"), "--file", file} + frame);
            QCOMPARE(ids.exitCode, 0);
            QVERIFY(ids.json().isArray());
            const Result back =
                run({"detokenize", path("vocabulary.gguf"), "--ids", write("back.json", ids.out)});
            QCOMPARE(back.exitCode, 0);
            QCOMPARE(back.out, text);
        }
    }
}

void TestCli::tokenizeNeedsNoTensors() {
    auto writer = altiplano::test::tinyModelWriter();
    for (const QJsonValue tensor : run({"inspect", m_model, "--json"}).json()["tensors"].toArray())
        writer.eraseTensor(tensor["name"].toString().toStdString());
    writer.write(path("words.gguf").toStdString());
    const Result whole = run({"tokenize", m_model, "--text", "the same"});
    QCOMPARE(whole.exitCode, 0);
    QCOMPARE(run({"tokenize", path("words.gguf"), "--text", "the same"}).out, whole.out);
    QCOMPARE(run({"inspect", path("words.gguf")}).exitCode, 0);
}

void TestCli::templateRenders() {
    const QString messages = write("talk.json", R"([{"role": "user", "content": "Hi"}])");
    QCOMPARE(run({"template", m_model, "--messages", messages}).out, QByteArray("<user>Hi<assistant>"));
    QCOMPARE(run({"template", m_model, "--messages", messages, "--no-generation-prompt"}).out,
             QByteArray("<user>Hi"));
    const QString jinja = write("own.jinja", "{{ bos_token }}|{{ who.name }}|{{ tools[0] }}");
    QCOMPARE(run({"template", "--jinja", jinja, "--messages", messages, "--bos-token", "<b>", "--set",
                  R"(who={"name": "Ada"})", "--tools", write("tools.json", "[7]")})
                 .out,
             QByteArray("<b>|Ada|7"));
}

void TestCli::completeIsRepeatable() {
    const QStringList sampled{"complete", m_model,         "--prompt", "the",   "-n",
                              "24",       "--temperature", "1.5",      "--seed"};
    const Result first = run(sampled + QStringList{"7"});
    QCOMPARE(first.exitCode, 0);
    QCOMPARE(run(sampled + QStringList{"7"}).out, first.out);
    QVERIFY(run(sampled + QStringList{"8"}).out != first.out);
}

void TestCli::completeJson() {
    const Result result =
        run({"complete", m_model, "--prompt", "the", "-n", "5", "--logit-bias", "2=-1000", "--json"});
    QCOMPARE(result.exitCode, 0);
    const QJsonObject json = result.json().object();
    QCOMPARE(json["ids"].toArray().size(), 5);
    QCOMPARE(json["finish_reason"].toString(), QString("length"));
    for (const char* name :
         {"load_ms", "prompt_tokens", "prompt_ms", "first_token_ms", "decode_tokens", "decode_ms"})
        QVERIFY2(json["timings"][name].isDouble(), name);
    QCOMPARE(json["timings"]["decode_tokens"].toInt(), 5);
}

void TestCli::scoreMatchesItsLogits() {
    const Result ids = run({"tokenize", m_model, "--text", "the quick brown fox"});
    const QString idFile = write("score.json", ids.out);
    const Result result = run({"score", m_model, "--ids", idFile, "--logits", path("logits"), "--json"});
    QCOMPARE(result.exitCode, 0);

    QFile file(path("logits"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray bytes = file.readAll();
    const QJsonArray tokens = ids.json().array();
    const qsizetype vocabulary = bytes.size() / 4 / tokens.size();
    QCOMPARE(bytes.size(), vocabulary * 4 * tokens.size());
    const auto* logits = reinterpret_cast<const float*>(bytes.constData());
    double nll = 0;
    for (qsizetype i = 0; i + 1 < tokens.size(); ++i) {
        double sum = 0;
        for (qsizetype j = 0; j < vocabulary; ++j)
            sum += std::exp(static_cast<double>(logits[i * vocabulary + j]));
        nll += std::log(sum) - logits[i * vocabulary + tokens[i + 1].toInt()];
    }
    nll /= static_cast<double>(tokens.size() - 1);
    QVERIFY(std::abs(result.json()["nll"].toDouble() - nll) < 1e-4);
    QVERIFY(std::abs(result.json()["perplexity"].toDouble() - std::exp(nll)) < 1e-3 * std::exp(nll));
    QCOMPARE(result.json()["tokens"].toInt(), tokens.size());
}

void TestCli::oneTokenIsNotScored() {
    const QString ids = write("one.json", "[5]");
    const Result result = run({"score", m_model, "--ids", ids, "--json"});
    QCOMPARE(result.exitCode, 0);
    QCOMPARE(result.json()["tokens"].toInt(), 1);
    QVERIFY(result.json()["nll"].isNull());
    QVERIFY(result.json()["perplexity"].isNull());
    QVERIFY(run({"score", m_model, "--ids", ids}).out.contains("nothing to score"));
}

void TestCli::benchRows() {
    const Result result = run({"bench", m_model, "-p", "32", "-n", "8", "-d", "16", "-b", "1,3", "-r", "2",
                               "--graphs", "on,off", "--json"});
    QCOMPARE(result.exitCode, 0);
    const QJsonArray rows = result.json().array();
    QCOMPARE(rows.size(), 3);
    for (const QJsonValue row : rows) {
        for (const char* name :
             {"model", "backend", "device", "threads", "graphs", "batch", "depth", "n_prompt", "n_gen",
              "host_us_per_token", "device_ms_per_token", "roof_percent"})
            QVERIFY2(row.toObject().contains(name), name);
        QVERIFY(row["tokens_per_s"].toDouble() > 0);
        QCOMPARE(row["tokens_per_s_all"].toArray().size(), 2);
        QCOMPARE(row["depth"].toInt(), 16);
        QVERIFY((row["n_prompt"].toInt() == 0) != (row["n_gen"].toInt() == 0));
    }
    QCOMPARE(rows.at(2)["batch"].toInt(), 3);
    QCOMPARE(run({"bench", m_model, "-p", "8", "-n", "0", "-r", "1", "--ctx", "512"}).exitCode, 0);

    const QJsonValue detailed = run({"bench", m_model, "-p", "0", "-n", "8", "-r", "1", "--spans", "--json"})
                                    .json()
                                    .array()
                                    .at(0)["step"];
    double end = 0;
    for (const QJsonValue span :
         detailed["spans"].toArray()) { // [phase, layer, from, ns], one after the other
        QVERIFY(span[2].toDouble() >= end && span[3].toDouble() > 0);
        end = span[2].toDouble() + span[3].toDouble();
    }
    QVERIFY(end > 0 && end <= detailed["wall_ns"].toDouble());
}

void TestCli::chatAnswersEachLine() {
    const Result result =
        run({"chat", m_model, "--system", "Be brief.", "--ctx", "256"}, "the first\nthe second\n");
    QCOMPARE(result.exitCode, 0);
    QVERIFY(!result.out.trimmed().isEmpty());
    QCOMPARE(result.err.count("tok/s"), 2);
    for (const QByteArray& line : result.err.split('\n')) // each on a line of its own
        QVERIFY2(line.isEmpty() || (line.startsWith('[') && line.endsWith(']')), line.constData());
    QVERIFY(result.err.endsWith('\n'));
}

void TestCli::chatGoesOnAfterAFailedMessage() {
    const Result result = run({"chat", m_model, "--ctx", "128"}, QByteArray(500, 'a') + "\nthe\n");
    QCOMPARE(result.exitCode, 1);
    QVERIFY(result.err.startsWith("altiplano-cli: The prompt has "));
    QVERIFY(!result.out.trimmed().isEmpty());
}

void TestCli::oddSettingsAreSaid() {
    QVERIFY(run({"fly"}).err.contains("'fly'"));
    const Result result =
        run({"complete", m_model, "--prompt", "the", "-n", "2", "--ctx", "8192", "--threads", "1024"});
    QCOMPARE(result.exitCode, 0);
    QVERIFY(result.err.contains("trained on 4096 tokens"));
}

void TestCli::interruptExitsWith130() {
    QProcess process;
    process.start(CLI_PROGRAM, {"complete", m_model, "--prompt", "the", "-n", "0", "--temperature", "2",
                                "--ctx", "65536", "--logit-bias", "2=-1000"});
    QVERIFY(process.waitForReadyRead(30000)); // it is generating now
    ::kill(static_cast<pid_t>(process.processId()), SIGINT);
    QVERIFY(process.waitForFinished(10000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 130);
}

QTEST_GUILESS_MAIN(TestCli)
#include "tst_cli.moc"
