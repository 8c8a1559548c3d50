#pragma once

#include "main_window.h"

#include <QCoreApplication>

#include <cstdio>
#include <stdexcept>

namespace altiplano::app {

/// The exit code of a program that makes windows: its body's, or 1 after a sentence where one cannot be made.
template <typename Body>
int windowProgram(const char* name, Body body) {
    try {
        return body();
    } catch (const std::runtime_error& error) {
        std::fprintf(stderr, "%s: %s\n", name, error.what());
        return 1;
    }
}

/// Returns once the window's model is loaded; throws the sentence where it cannot be.
inline void waitForModel(MainWindow& window) {
    const ModelController& model = *window.context().model();
    while (model.state() != ModelController::Ready) {
        if (model.problem() != ModelController::NoProblem)
            throw std::runtime_error((model.problemFile() + ": " + model.problemSentence()).toStdString());
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
}

} // namespace altiplano::app
