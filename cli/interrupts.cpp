#include "common.h"

#include <csignal>
#include <mutex>
#include <thread>
#include <unistd.h>

namespace altiplano::cli {

struct Interrupts::State {
    std::mutex mutex;
    std::stop_source source;
    bool leaving = false;
    std::thread thread;

    void waitForSignals() {
        sigset_t signals;
        sigemptyset(&signals);
        sigaddset(&signals, SIGINT);
        int signal = 0;
        while (sigwait(&signals, &signal) == 0) {
            const std::lock_guard lock(mutex);
            if (leaving) return;
            // A second Ctrl-C, before anything was stopped by the first, ends the program.
            if (!source.request_stop()) _exit(kInterrupted);
        }
    }
};

Interrupts::Interrupts() : m_state(std::make_unique<State>()) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    m_state->thread = std::thread([state = m_state.get()] { state->waitForSignals(); });
}

Interrupts::~Interrupts() {
    {
        const std::lock_guard lock(m_state->mutex);
        m_state->leaving = true;
    }
    pthread_kill(m_state->thread.native_handle(), SIGINT);
    m_state->thread.join();
}

std::stop_token Interrupts::token() const {
    const std::lock_guard lock(m_state->mutex);
    return m_state->source.get_token();
}

void Interrupts::rearm() {
    const std::lock_guard lock(m_state->mutex);
    m_state->source = std::stop_source();
}

} // namespace altiplano::cli
