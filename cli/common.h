#pragma once

#include "engine/model.h"
#include "engine/scheduler.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>

namespace altiplano::cli {

/// Exit codes of the terminal contract.
inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kWrongUsage = 2;
inline constexpr int kInterrupted = 130;

/// What every command hears of the world outside: Ctrl-C. A thread of its own takes SIGINT, so that
/// requesting a stop is ordinary code and not a signal handler. Made in main before any other thread.
class Interrupts {
public:
    Interrupts();
    ~Interrupts();
    Interrupts(const Interrupts&) = delete;
    Interrupts& operator=(const Interrupts&) = delete;

    /// The token that the next Ctrl-C stops. `rearm` gives a fresh one, for the next answer of a chat.
    std::stop_token token() const;
    void rearm();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// The options that all commands on a model share.
struct ModelOptions {
    std::string path;
    std::string backend = "auto";
    std::string gpuLayers = "auto";
    std::string kv = "f16";
    std::string instructions = "auto";
    std::uint32_t threads = 0;
    std::uint32_t context = 0; ///< 0: 4096, or what the model was trained for where that is less
    bool json = false;

    void addTo(CLI::App& command);

    engine::LoadOptions loadOptions() const;
    engine::KvType kvType() const;
    engine::SchedulerOptions schedulerOptions(std::uint32_t trainedContext) const;

    /// Loads the model; its warnings go to standard error. `most`: the most that it will be run with, where
    /// that is not what schedulerOptions says.
    std::shared_ptr<const engine::Model> load(const std::stop_token& stop,
                                              const engine::SchedulerOptions* most = nullptr) const;
};

/// The sampling options of `complete` and `chat`.
void addSamplingOptions(CLI::App& command, engine::SamplingParams& params);

std::string readFile(const std::string& path); ///< whole file; Error{File}
nlohmann::ordered_json
readJson(const std::string& path); ///< Error{BadRequest} with the place where it is not JSON

/// The token ids of a JSON array; Error{BadRequest} for anything else and for ids outside the vocabulary.
std::vector<engine::TokenId> readIds(const std::string& path, std::size_t vocabulary);

void printJson(const nlohmann::ordered_json& value); ///< to standard output; invalid UTF-8 becomes U+FFFD

/// Each adds its command to the program; the command's callback writes its exit code to `exitCode`.
void addInspect(CLI::App& program, int& exitCode);
void addTokenize(CLI::App& program, int& exitCode);
void addDetokenize(CLI::App& program, int& exitCode);
void addTemplate(CLI::App& program, int& exitCode);
void addScore(CLI::App& program, Interrupts& interrupts, int& exitCode);
void addComplete(CLI::App& program, Interrupts& interrupts, int& exitCode);
void addChat(CLI::App& program, Interrupts& interrupts, int& exitCode);
void addBench(CLI::App& program, Interrupts& interrupts, int& exitCode);

} // namespace altiplano::cli
