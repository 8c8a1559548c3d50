// Chat templates against jinja2 as transformers sets it up: the files of data/templates, which
// make_goldens.py writes.
#include "engine/chat_template.h"
#include "engine/error.h"

#include <QtTest>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

using namespace altiplano::engine;
using nlohmann::ordered_json;

namespace {

std::string renderText(std::string_view source, const ordered_json& context = ordered_json::object(),
                       const TemplateLimits& limits = {}) {
    return ChatTemplate(source).render(context, limits);
}

/// The sentence of the Error{Template} that the rendering ends in; empty where it does not.
std::string failureOf(std::string_view source, const ordered_json& context = ordered_json::object(),
                      const TemplateLimits& limits = {}) {
    try {
        renderText(source, context, limits);
    } catch (const Error& error) {
        return error.code() == ErrorCode::Template ? error.what() : "not a template error";
    }
    return {};
}

ordered_json readJson(const std::string& path) {
    std::ifstream file(path);
    return file ? ordered_json::parse(file) : ordered_json::array();
}

/// What a case says itself or by its place in a list of the file's first element.
const ordered_json& resolve(const ordered_json& said, const ordered_json& first, const char* list) {
    return said.is_number() ? first[list][said.get<std::size_t>()] : said;
}

} // namespace

class TestChatTemplate : public QObject {
    Q_OBJECT

private slots:
    void rendersAsJinja2_data();
    void rendersAsJinja2();
    void errorsNameTheLine_data();
    void errorsNameTheLine();
    void errorsAreOneLine();
    void costsAreBounded_data();
    void costsAreBounded();
    void deepInputEndsInAnError();
    void builtInsWriteTheirFormats_data();
    void builtInsWriteTheirFormats();
    void builtInIsChosenByTokens();
    void contextIsTransformers();
    void oneTemplateServesManyThreads();
    void strftimeNowIsNow();
    void repairsInvalidUtf8();
};

void TestChatTemplate::rendersAsJinja2_data() {
    QTest::addColumn<QString>("file");
    for (const char* name : {"constructs.json", "failing.json", "families.json", "random.json"})
        QTest::newRow(name) << QString(TEST_DATA "/templates/") + name;
    // more cases of the same form, such as a run of random_templates.py
    if (const auto more = qEnvironmentVariable("ALTIPLANO_TEMPLATE_CASES"); !more.isEmpty())
        QTest::newRow("given") << more;
}

void TestChatTemplate::rendersAsJinja2() {
    QFETCH(QString, file);
    const ordered_json cases = readJson(file.toStdString());
    QVERIFY2(cases.size() > 10, "the golden file is there");
    int wrong = 0;
    for (std::size_t i = 1; i < cases.size(); ++i) {
        const ordered_json& row = cases[i];
        const auto source = resolve(row["template"], cases[0], "templates").get<std::string>();
        const ordered_json& context =
            row.contains("context") ? resolve(row["context"], cases[0], "contexts") : cases[0]["context"];
        std::string got;
        bool failed = false;
        try {
            got = renderText(source, context);
        } catch (const Error& error) {
            failed = true;
            got = error.what();
        }
        const bool right =
            row.contains("fails") ? failed : !failed && got == row["output"].get<std::string>();
        if (right) continue;
        const std::string wanted = row.contains("fails") ? "to fail: " + row["fails"].get<std::string>()
                                                         : row["output"].get<std::string>();
        qWarning("template %s\n  wanted %s\n  got    %s", source.c_str(), wanted.c_str(), got.c_str());
        ++wrong;
    }
    QCOMPARE(wrong, 0);
}

void TestChatTemplate::errorsNameTheLine_data() {
    QTest::addColumn<QString>("source");
    QTest::addColumn<int>("line");
    QTest::newRow("parse") << "a\n{{ 1 + }}" << 2;
    QTest::newRow("unclosed") << "a\n{% if a %}\nb\n" << 3;
    QTest::newRow("undefined") << "a\n\n{{ x.y }}\n" << 3;
    QTest::newRow("raised") << "{% if true %}\n\n{{ raise_exception('bad') }}\n{% endif %}" << 3;
    QTest::newRow("after stripped lines") << "a  \n\n  {%- if true %}\n{{ x.y }}{% endif %}" << 4;
    QTest::newRow("in a macro") << "{% macro m() %}\n{{ x.y }}\n{% endmacro %}\n{{ m() }}" << 2;
    QTest::newRow("after a macro") << "{% macro m() %}\n.\n{% endmacro %}\n{{ m() ~ x.y }}" << 4;
    QTest::newRow("in a long expression") << "{{ [1,\n 2,\n x.y\n] }}" << 3;
    QTest::newRow("in a string of lines") << "{{ 'a\nb' }}{{ x.y }}" << 2;
    QTest::newRow("carriage returns") << "a\r\nb\rc\n{{ x.y }}" << 4;
}

void TestChatTemplate::errorsNameTheLine() {
    QFETCH(QString, source);
    QFETCH(int, line);
    const std::string failure = failureOf(source.toStdString());
    QVERIFY2(failure.find("line " + std::to_string(line) + ":") != std::string::npos, failure.c_str());
}

void TestChatTemplate::errorsAreOneLine() {
    for (const char* source : {"{{ raise_exception('two\\nlines') }}", "{{ raise_exception('x' * 100000) }}",
                               "{{ d['a\\nb'].c }}", "{% a\n %}"}) {
        const std::string failure = failureOf(source, {{"d", ordered_json::object()}});
        QVERIFY(!failure.empty() && failure.find('\n') == std::string::npos && failure.size() < 1000);
    }
    QVERIFY(failureOf("{{ raise_exception('Roles must alternate') }}").ends_with("Roles must alternate"));
}

void TestChatTemplate::costsAreBounded_data() {
    QTest::addColumn<QString>("source");
    QTest::newRow("large repetition") << "{{ 'x' * 10 ** 9 }}";
    QTest::newRow("huge repetition") << "{{ 'x' * 2 ** 70 }}";
    QTest::newRow("list repetition") << "{{ [1] * 10 ** 9 }}";
    QTest::newRow("range") << "{{ range(10 ** 12) }}";
    QTest::newRow("doubling") << "{% set ns = namespace(x='ab') %}{% for i in range(100) %}{% set ns.x = "
                                 "ns.x + ns.x %}{% endfor %}";
    QTest::newRow("doubling lists")
        << "{% set ns = namespace(x=[1]) %}{% for i in range(100) %}{% set ns.x = ns.x + ns.x %}{% endfor %}";
    QTest::newRow("shared doubling") << "{% set ns = namespace(x=[1]) %}{% for i in range(90) %}{% set ns.x "
                                        "= [ns.x, ns.x] %}{% endfor %}{{ ns.x }}";
    QTest::newRow("shared comparison")
        << "{% set ns = namespace(x=[1], y=[1]) %}{% for i in range(90) %}{% set ns.x = [ns.x, ns.x] %}{% "
           "set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}";
    QTest::newRow("many large values") << "{% set ns = namespace(x=[]) %}{% for i in range(1000) %}{% set "
                                          "ns.x = ns.x + ['x' * 60000000 ~ i] %}{% endfor %}";
    QTest::newRow("nested loops")
        << "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}";
    QTest::newRow("endless output") << "{% for a in range(99999) %}{% for b in range(9999) %}{{ "
                                       "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                                       "xxxxxxx' }}{% endfor %}{% endfor %}";
    QTest::newRow("endless macro") << "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}";
    QTest::newRow("mutual macros") << "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{% for i in [1] "
                                      "%}{{ a() }}{% endfor %}{% endmacro %}{{ a() }}";
    QTest::newRow("endless loop()") << "{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}";
    QTest::newRow("endless caller") << "{% macro m() %}{{ caller() }}{% endmacro %}{% macro f() %}{% call "
                                       "m() %}{{ f() }}{% endcall %}{% endmacro %}{{ f() }}";
    QTest::newRow("nested lists")
        << "{% set ns = namespace(x=[]) %}{% for i in range(99999) %}{% set ns.x = [ns.x] %}{% endfor %}";
    QTest::newRow("nested generators") << "{% set ns = namespace(x=[1]) %}{% for i in range(99999) %}{% set "
                                          "ns.x = ns.x | map('string') %}{% endfor %}{{ ns.x | list }}";
    QTest::newRow("nested arguments") << "{% set ns = namespace(x=[1]) %}{% for i in range(99999) %}{% set "
                                         "ns.x = [1] | map('default', ns.x) %}{% endfor %}{{ ns.x | list }}";
    QTest::newRow("namespace in itself") << "{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}";
    QTest::newRow("string to list") << "{{ ('x' * 60000000) | list | length }}";
    QTest::newRow("splitting") << "{{ ('x ' * 30000000).split() | length }}";
    QTest::newRow("wide format") << "{{ '%1000000000d' % 1 }}";
    QTest::newRow("wide field") << "{{ '{:1000000000}'.format(1) }}";
    QTest::newRow("wide center") << "{{ 'x' | center(10 ** 12) }}";
    QTest::newRow("wide indent") << "{{ 'x' | indent(10 ** 12, true) }}";
    QTest::newRow("wide tabs") << "{{ '\\t'.expandtabs(10 ** 15) }}";
    QTest::newRow("wide json") << "{{ [1] | tojson(indent=10 ** 15) }}";
    QTest::newRow("batch fill") << "{{ [1] | batch(10 ** 15, 0) | list }}";
    QTest::newRow("power") << "{{ 9 ** 9 ** 9 }}";
    QTest::newRow("replace") << "{{ ('x' * 10000000).replace('x', 'yyyyyyyyyyyyyyyyyyyy') }}";
}

void TestChatTemplate::costsAreBounded() {
    QFETCH(QString, source);
    QVERIFY(!failureOf(source.toStdString()).empty());
}

void TestChatTemplate::deepInputEndsInAnError() {
    const auto repeat = [](const std::string& text, int times) {
        std::string out;
        for (int i = 0; i < times; ++i)
            out += text;
        return out;
    };
    constexpr int kMany = 100'000;
    for (const char* open : {"(", "[", "{1:", "-", "not ", "a(", "a[", "1 if 1 else ", "{{"})
        QVERIFY(!failureOf("{{ " + repeat(open, kMany)).empty());
    for (const char* tag : {"{% if 1 %}", "{% for a in b %}", "{% macro m() %}", "{% set x %}",
                            "{% call x() %}", "{% filter upper %}"})
        QVERIFY(!failureOf(repeat(tag, kMany)).empty());
    for (const char* more :
         {" + 1", ".a", "[0]", "()", " | upper", " is string", " and 1", " or 1", " ** 1", " * 1", " if 1"})
        QVERIFY(!failureOf("{{ 1" + repeat(more, kMany) + " }}").empty());
    QVERIFY(!failureOf("{% for " + repeat("(", kMany)).empty());
    ordered_json deep = ordered_json::array();
    for (int i = 0; i < kMany; ++i)
        deep = ordered_json::array({std::move(deep)});
    QVERIFY(!failureOf("{{ x }}", {{"x", std::move(deep)}}).empty());
    // long but shallow is fine
    QCOMPARE(renderText("{{ 1" + repeat(" ~ 1", 5000) + " }}"), repeat("1", 5001));
    QCOMPARE(renderText("{% if 0 %}" + repeat("{% elif 0 %}", 5000) + "{% else %}x{% endif %}"),
             std::string("x"));
}

void TestChatTemplate::builtInsWriteTheirFormats_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("wanted");
    QTest::newRow("chatml") << "chatml"
                            << "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nQ<|im_end|>\n<|im_start|>"
                               "assistant\nA<|im_end|>\n"
                               "<|im_start|>user\nR<|im_end|>\n<|im_start|>assistant\n";
    QTest::newRow("llama2") << "llama2"
                            << "<s>[INST] <<SYS>>\nS\n<</SYS>>\n\nQ [/INST] A </s><s>[INST] R [/INST]";
    QTest::newRow("llama3") << "llama3"
                            << "<s><|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|><|start_header_"
                               "id|>user<|end_header_id|>\n\nQ<|eot_id|>"
                               "<|start_header_id|>assistant<|end_header_id|>\n\nA<|eot_id|><|start_header_"
                               "id|>user<|end_header_id|>\n\nR<|eot_id|>"
                               "<|start_header_id|>assistant<|end_header_id|>\n\n";
    QTest::newRow("mistral") << "mistral"
                             << "<s>[INST] S\n\nQ[/INST] A</s>[INST] R[/INST]";
    QTest::newRow("zephyr")
        << "zephyr"
        << "<|system|>\nS</s>\n<|user|>\nQ</s>\n<|assistant|>\nA</s>\n<|user|>\nR</s>\n<|assistant|>\n";
    QTest::newRow("plain") << "plain"
                           << "<s>System: S\nUser: Q\nAssistant: A\nUser: R\nAssistant:";
}

void TestChatTemplate::builtInsWriteTheirFormats() {
    QFETCH(QString, name);
    QFETCH(QString, wanted);
    const auto message = [](const char* role, ordered_json content) {
        return ordered_json{{"role", role}, {"content", std::move(content)}};
    };
    const ordered_json parts = ordered_json::array({{{"type", "text"}, {"text", "Q"}}});
    const ordered_json messages = ordered_json::array(
        {message("system", "S"), message("user", parts), message("assistant", "A"), message("user", "R")});
    const auto context = ChatTemplate::context(messages, nullptr, {true, "<s>", "</s>"});
    const std::string text = renderText(ChatTemplate::builtIn(name.toStdString()).source, context);
    QCOMPARE(QString::fromStdString(text), wanted);
}

void TestChatTemplate::builtInIsChosenByTokens() {
    const auto choose = [](std::string_view architecture, std::string_view token) {
        return std::string(
            ChatTemplate::builtInFor(architecture, [&](std::string_view t) { return t == token; }).name);
    };
    QCOMPARE(choose("llama", "<|im_start|>"), std::string("chatml"));
    QCOMPARE(choose("llama", "<|start_header_id|>"), std::string("llama3"));
    QCOMPARE(choose("llama", "[INST]"), std::string("mistral"));
    QCOMPARE(choose("llama", ""), std::string("llama2"));
    QCOMPARE(choose("phi3", ""), std::string("plain"));
    QCOMPARE(std::string(ChatTemplate::builtIn("no such").name), std::string("plain"));
}

void TestChatTemplate::contextIsTransformers() {
    const auto messages = ordered_json::parse(
        R"([{"role": "assistant", "content": "a", "reasoning": "r"}, {"role": "user", "content": "b"}])");
    const auto context = ChatTemplate::context(messages, nullptr, {false, "<s>", ""});
    QCOMPARE(
        context.dump(),
        std::string(
            R"({"messages":[{"thinking":"r","role":"assistant","content":"a","reasoning":"r","reasoning_content":"r"},)"
            R"({"role":"user","content":"b"}],"tools":null,"documents":null,"add_generation_prompt":false,"bos_token":"<s>","eos_token":""})"));
    for (const char* bad : {"{}", "[1]", "\"hi\"", "null"})
        QVERIFY_EXCEPTION_THROWN(ChatTemplate::context(ordered_json::parse(bad), nullptr, {}), Error);
    QVERIFY_EXCEPTION_THROWN(renderText("x", ordered_json::array()), Error);
}

void TestChatTemplate::oneTemplateServesManyThreads() {
    const ChatTemplate shared(
        "{% macro m(x) %}{{ x | upper }}{% endmacro %}{% for x in xs %}{{ m(x ~ 'é') }}{% endfor %}");
    std::vector<std::string> texts(4);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < texts.size(); ++i)
        threads.emplace_back([&, i] {
            for (int round = 0; round < 200; ++round)
                texts[i] = shared.render({{"xs", {"a", "b"}}});
        });
    for (std::thread& thread : threads)
        thread.join();
    for (const std::string& text : texts)
        QCOMPARE(text, std::string("AÉBÉ"));
}

void TestChatTemplate::strftimeNowIsNow() {
    const auto format = QStringLiteral("yyyy-MM-dd");
    const QString before = QDate::currentDate().toString(format);
    const auto text = QString::fromStdString(renderText("{{ strftime_now('%Y-%m-%d') }}"));
    QVERIFY(text == before || text == QDate::currentDate().toString(format));
    QCOMPARE(renderText("{{ strftime_now('%f') | length }}"), std::string("6"));
}

void TestChatTemplate::repairsInvalidUtf8() {
    QCOMPARE(renderText("{{ x }}{{ x | length }}", {{"x", "a\xFF"
                                                          "b\xE2\x82"}}),
             std::string("a\uFFFDb\uFFFD\uFFFD5"));
    QVERIFY(!failureOf("a\xFF").empty());
}

QTEST_APPLESS_MAIN(TestChatTemplate)
#include "tst_chat_template.moc"
