#include "common.h"

#include <iostream>
#include <span>

namespace altiplano::cli {

namespace {

std::unique_ptr<engine::Tokenizer> openTokenizer(const std::string& path) {
    const engine::GgufFile file = engine::GgufFile::open(path);
    return engine::Tokenizer::create(engine::Vocabulary::fromGguf(file), [](const std::string& warning) {
        std::cerr << "altiplano-cli: warning: " << warning << '\n';
    });
}

/// The ids without the BOS and EOS that tokenize adds: they are not text.
std::span<const engine::TokenId> withoutFrame(std::span<const engine::TokenId> ids,
                                              const engine::Vocabulary& vocabulary) {
    if (vocabulary.addBos && !ids.empty() && ids.front() == vocabulary.bos) ids = ids.subspan(1);
    if (vocabulary.addEos && !ids.empty() && ids.back() == vocabulary.eos) ids = ids.first(ids.size() - 1);
    return ids;
}

} // namespace

void addTokenize(CLI::App& program, int&) {
    struct Options {
        std::string model, file, text;
        bool noBos = false, noSpecial = false, json = false;
    };
    auto options = std::make_shared<Options>();
    CLI::App* command = program.add_subcommand("tokenize", "Text to a JSON array of token ids");
    command->add_option("MODEL", options->model, "GGUF file; a vocabulary is enough")->required();
    CLI::Option_group* input = command->add_option_group("input");
    input->add_option("--file", options->file, "File to read the text from");
    input->add_option("--text", options->text, "The text");
    input->require_option(1);
    command->add_flag("--no-bos", options->noBos, "Add no BOS or EOS");
    command->add_flag("--no-special", options->noSpecial, "Read the text of special tokens as plain text");
    command->add_flag("--json", options->json, "(the output is JSON anyway)");
    command->callback([options] {
        const auto tokenizer = openTokenizer(options->model);
        const std::string text = options->file.empty() ? options->text : readFile(options->file);
        const nlohmann::json ids = tokenizer->encode(text, {!options->noBos, !options->noSpecial});
        std::cout << ids.dump() << '\n';
    });
}

void addDetokenize(CLI::App& program, int&) {
    struct Options {
        std::string model, ids;
    };
    auto options = std::make_shared<Options>();
    CLI::App* command =
        program.add_subcommand("detokenize", "A JSON array of token ids to text, byte for byte");
    command->add_option("MODEL", options->model, "GGUF file; a vocabulary is enough")->required();
    command->add_option("--ids", options->ids, "JSON file with the ids")->required();
    command->callback([options] {
        const auto tokenizer = openTokenizer(options->model);
        const auto ids = readIds(options->ids, tokenizer->vocabulary().tokens.size());
        std::cout << tokenizer->decode(withoutFrame(ids, tokenizer->vocabulary()), true);
    });
}

} // namespace altiplano::cli
