// What a message spells never becomes a control token; what the template writes does.
#include "engine/chat_prompt.h"
#include "engine/chat_template.h"
#include "engine/error.h"

#include <QTest>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>

using namespace altiplano::engine;
using nlohmann::ordered_json;

using Ids = std::vector<TokenId>;
using Messages = std::vector<ChatMessage>;

namespace {

constexpr const char* kControls[] = {"<|im_start|>",
                                     "<|im_end|>",
                                     "<|begin_of_text|>",
                                     "<|start_header_id|>",
                                     "<|end_header_id|>",
                                     "<|eot_id|>",
                                     "<|user|>",
                                     "<|assistant|>",
                                     "<|system|>",
                                     "<|end|>",
                                     "<s>",
                                     "</s>",
                                     "[INST]",
                                     "[/INST]",
                                     "<start_of_turn>",
                                     "<|START|>",
                                     "<end_of_turn>",
                                     "<|USER|>",
                                     "<|BOT|>",
                                     "<|END|>",
                                     "<｜User｜>",
                                     "<｜Assistant｜>",
                                     "<|start_of_role|>",
                                     "<|end_of_role|>",
                                     "<|end_of_text|>"};

/// One token for each byte, the space, the control tokens above, and the user-defined <think>.
std::unique_ptr<Tokenizer> byteTokenizer() {
    Vocabulary vocabulary;
    vocabulary.model = "llama";
    vocabulary.tokens = {"<unk>", "\u2581"};
    vocabulary.types = {TokenType::Unknown, TokenType::Normal};
    vocabulary.unknown = 0;
    vocabulary.addSpacePrefix = false;
    for (int byte = 0; byte < 256; ++byte) {
        char text[8];
        std::snprintf(text, sizeof text, "<0x%02X>", byte);
        vocabulary.tokens.emplace_back(text);
        vocabulary.types.push_back(TokenType::Byte);
    }
    for (const char* control : kControls) {
        vocabulary.tokens.emplace_back(control);
        vocabulary.types.push_back(TokenType::Control);
    }
    vocabulary.tokens.emplace_back("<think>");
    vocabulary.types.push_back(TokenType::UserDefined);
    vocabulary.scores.assign(vocabulary.tokens.size(), 0);
    return Tokenizer::create(std::move(vocabulary));
}

auto renderer(const ChatTemplate& chatTemplate) {
    return [&chatTemplate](const Messages& messages) {
        ordered_json json = ordered_json::array();
        for (const ChatMessage& message : messages)
            json.push_back({{"role", message.role}, {"content", message.content}});
        return chatTemplate.render(ChatTemplate::context(json, nullptr, {true, "<s>", "</s>"}));
    };
}

/// The ids of a conversation.
Ids encoded(const Tokenizer& tokenizer, const ChatTemplate& chatTemplate, const Messages& messages) {
    const ChatPrompt prompt = renderChatPrompt(messages, tokenizer, renderer(chatTemplate));
    return tokenizer.encode(prompt.text, {.addSpecial = false, .plainAt = prompt.plainAt});
}

std::string textOf(const Tokenizer& tokenizer, const Ids& ids) {
    std::string text;
    for (const TokenId id : ids)
        text += tokenizer.piece(id, true);
    return text;
}

Ids controls(const Tokenizer& tokenizer, const Ids& ids) {
    Ids result;
    std::ranges::copy_if(ids, std::back_inserter(result),
                         [&](TokenId id) { return tokenizer.vocabulary().type(id) == TokenType::Control; });
    return result;
}

Messages conversation(const std::string& first, const std::string& second, const std::string& third) {
    return {{"user", first}, {"assistant", second}, {"user", third}};
}

std::vector<std::string> templates() {
    const ordered_json families = ordered_json::parse(std::ifstream(TEST_DATA "/templates/families.json"));
    std::vector<std::string> sources = families[0]["templates"];
    for (const char* name : {"chatml", "llama2", "llama3", "mistral", "zephyr", "plain"})
        sources.emplace_back(ChatTemplate::builtIn(name).source);
    return sources;
}

} // namespace

class TestChatPrompt : public QObject {
    Q_OBJECT

private slots:
    /// Any control token in any message leaves the control tokens of the prompt as they are without.
    void messagesSpellNoControlTokens() {
        const auto tokenizer = byteTokenizer();
        for (const std::string& source : templates()) {
            const ChatTemplate chatTemplate(source);
            const Ids expected =
                controls(*tokenizer, encoded(*tokenizer, chatTemplate, conversation("a", "b", "c")));
            for (const std::string control : kControls)
                for (const std::string& text : {control, "x" + control + "y", " " + control + control + "\n",
                                                "<" + control, "é" + control}) {
                    for (const Messages& messages :
                         {conversation(text, "b", "c"), conversation("a", text, "c"),
                          conversation("a", "b", text)}) {
                        const Ids ids = encoded(*tokenizer, chatTemplate, messages);
                        QVERIFY2(controls(*tokenizer, ids) == expected, (text + " in " + source).c_str());
                        QCOMPARE(textOf(*tokenizer, ids), renderer(chatTemplate)(messages));
                    }
                }
        }
    }

    void otherMessagesAreEncodedAsEver() {
        const auto tokenizer = byteTokenizer();
        for (const std::string& source : templates()) {
            const ChatTemplate chatTemplate(source);
            for (const std::string text :
                 {"hello", "<|im_", "a <think> b", "< s >", "\xFF\xC3", "", "日本語 \U0010FFFD"}) {
                const Messages messages = conversation(text, "b", text);
                const std::string prompt = renderer(chatTemplate)(messages);
                QCOMPARE(encoded(*tokenizer, chatTemplate, messages),
                         tokenizer->encode(prompt, {.addSpecial = false}));
            }
        }
    }

    void userDefinedTokensAreFoundInMessages() {
        const auto tokenizer = byteTokenizer();
        const ChatTemplate chatTemplate("{{ messages[0].content }}");
        const Ids ids = encoded(*tokenizer, chatTemplate, {{"user", "<s><think></s>"}});
        QCOMPARE(ids, tokenizer->encode("<s><think></s>", {.addSpecial = false, .parseSpecial = false}));
    }

    /// The mark is a character that the prompt does not have.
    void marksInMessagesAreNoMarks() {
        const auto tokenizer = byteTokenizer();
        const ChatTemplate chatTemplate("<s>{{ messages[0].content }}</s>");
        const std::string text = "<\U0010FFFD/s>\U0010FFFC</s>";
        const Ids ids = encoded(*tokenizer, chatTemplate, {{"user", text}});
        QCOMPARE(controls(*tokenizer, ids).size(), std::size_t(2));
        QCOMPARE(textOf(*tokenizer, ids), "<s>" + text + "</s>");
    }

    void trimmedAndEscapedMessagesAreTracked() {
        const auto tokenizer = byteTokenizer();
        const Messages messages = {{"user", "\n </s> \"[INST]\"</s>\t"}};
        for (const char* source :
             {"<s>{{ messages[0].content | trim }}", "<s>{{ messages[0].content.strip() }}</s>",
              "<s>{{ messages | tojson }}", "<s>{{ messages[0].content | upper | lower }}",
              "<s>{{ {'a': messages[0].content} | tojson(indent=2) }}"}) {
            const ChatTemplate chatTemplate(source);
            const Ids ids = encoded(*tokenizer, chatTemplate, messages);
            const Ids expected = controls(*tokenizer, encoded(*tokenizer, chatTemplate, {{"user", "a"}}));
            QVERIFY2(controls(*tokenizer, ids) == expected, source);
            QCOMPARE(textOf(*tokenizer, ids), renderer(chatTemplate)(messages));
        }
    }

    /// A message that the template looks into is not tracked, but the others are, and the text stays.
    void aComparedMessageIsNotTracked() {
        const auto tokenizer = byteTokenizer();
        const ChatTemplate chatTemplate(
            "{% for m in messages %}<s>{{ m.content.split('</s>')[-1] if m.role == "
            "'assistant' else m.content }}{% endfor %}");
        const Messages messages = conversation("a</s>", "b</s>[INST]c", "d</s>");
        const Ids ids = encoded(*tokenizer, chatTemplate, messages);
        QCOMPARE(textOf(*tokenizer, ids), std::string("<s>a</s><s>[INST]c<s>d</s>"));
        QCOMPARE(controls(*tokenizer, ids).size(), std::size_t(4)); // <s> of the template, and [INST]
    }

    void whatTheTemplateThrowsPasses() {
        const auto tokenizer = byteTokenizer();
        const ChatTemplate chatTemplate("{{ raise_exception('no') }}");
        QVERIFY_EXCEPTION_THROWN(encoded(*tokenizer, chatTemplate, {{"user", "</s>"}}), Error);
    }
};

QTEST_APPLESS_MAIN(TestChatPrompt)
#include "tst_chat_prompt.moc"
