#include "common.h"

#include <iostream>
#include <new>

namespace {

int fail(const std::string& sentence, int exitCode) {
    std::cerr << "altiplano-cli: " << sentence << '\n';
    return exitCode;
}

} // namespace

int main(int argc, char** argv) {
    using namespace altiplano;
    cli::Interrupts interrupts;
    int exitCode = cli::kDone;

    CLI::App program("Runs LLaMA-family models on this machine", "altiplano-cli");
    program.require_subcommand(1);
    cli::addInspect(program, exitCode);
    cli::addTokenize(program, exitCode);
    cli::addDetokenize(program, exitCode);
    cli::addTemplate(program, exitCode);
    cli::addScore(program, interrupts, exitCode);
    cli::addComplete(program, interrupts, exitCode);
    cli::addChat(program, interrupts, exitCode);
    cli::addBench(program, interrupts, exitCode);

    try {
        program.parse(argc, argv);
        std::cout.flush();
        return std::cout ? exitCode : fail("cannot write to standard output", cli::kFailed);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return program.exit(error); // --help
        if (program.get_subcommands().empty() && program.remaining_size() > 0)
            return fail("there is no command '" + program.remaining().front() + "'; --help lists them",
                        cli::kWrongUsage);
        return fail(error.what(), cli::kWrongUsage);
    } catch (const engine::Error& error) {
        const bool cancelled = error.code() == engine::ErrorCode::Cancelled;
        return fail(error.what(), cancelled ? cli::kInterrupted : cli::kFailed);
    } catch (const std::bad_alloc&) {
        return fail("out of memory", cli::kFailed);
    } catch (const std::exception& error) {
        return fail(error.what(), cli::kFailed);
    }
}
