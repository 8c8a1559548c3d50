#include "common.h"

#include <algorithm>
#include <iostream>

namespace altiplano::cli {

namespace {

struct Options {
    std::string model, jinja, messages, tools, bos, eos;
    std::vector<std::string> variables;
    bool noGenerationPrompt = false;
};

/// The file's own template, else the built-in for it; and the texts of BOS and EOS.
std::string templateOf(const engine::GgufFile& file, std::string& bos, std::string& eos) {
    const engine::Vocabulary vocabulary = engine::Vocabulary::fromGguf(file);
    if (vocabulary.bos) bos = vocabulary.tokens[static_cast<std::size_t>(*vocabulary.bos)];
    if (vocabulary.eos) eos = vocabulary.tokens[static_cast<std::size_t>(*vocabulary.eos)];
    if (const auto own = file.string("tokenizer.chat_template")) return std::string(*own);

    const auto hasToken = [&](std::string_view text) {
        return std::find(vocabulary.tokens.begin(), vocabulary.tokens.end(), text) != vocabulary.tokens.end();
    };
    const auto builtIn =
        engine::ChatTemplate::builtInFor(file.string("general.architecture").value_or(""), hasToken);
    std::cerr << "altiplano-cli: warning: the file has no chat template; using the built-in '" << builtIn.name
              << "'\n";
    return std::string(builtIn.source);
}

nlohmann::ordered_json variable(const std::string& assignment) {
    const std::size_t equals = assignment.find('=');
    const std::string json = equals == std::string::npos ? "" : assignment.substr(equals + 1);
    auto value = nlohmann::ordered_json::parse(json, nullptr, false);
    if (equals == 0 || value.is_discarded())
        throw CLI::ValidationError("--set", "expects name=JSON, not '" + assignment + "'");
    return value;
}

std::string render(const Options& options) {
    std::string source, bos, eos;
    if (options.jinja.empty()) {
        source = templateOf(engine::GgufFile::open(options.model), bos, eos);
    } else {
        source = readFile(options.jinja);
    }
    const auto tools = options.tools.empty() ? nlohmann::ordered_json() : readJson(options.tools);
    auto context =
        engine::ChatTemplate::context(readJson(options.messages), tools,
                                      {!options.noGenerationPrompt, options.bos.empty() ? bos : options.bos,
                                       options.eos.empty() ? eos : options.eos});
    for (const std::string& assignment : options.variables)
        context[assignment.substr(0, assignment.find('='))] = variable(assignment);
    return engine::ChatTemplate(source).render(context);
}

} // namespace

void addTemplate(CLI::App& program, int&) {
    auto options = std::make_shared<Options>();
    CLI::App* command =
        program.add_subcommand("template", "A conversation as the prompt that the model sees");
    CLI::Option_group* source = command->add_option_group("source");
    source->add_option("MODEL", options->model, "GGUF file");
    source->add_option("--jinja", options->jinja, "Template file");
    source->require_option(1);
    command->add_option("--messages", options->messages, "JSON file: the messages")->required();
    command->add_option("--tools", options->tools, "JSON file: the tools");
    command->add_flag("--no-generation-prompt", options->noGenerationPrompt, "End after the last message");
    command->add_option("--bos-token", options->bos);
    command->add_option("--eos-token", options->eos);
    command->add_option("--set", options->variables, "name=JSON: another variable, may be repeated");
    command->callback([options] { std::cout << render(*options); });
}

} // namespace altiplano::cli
