#include "failure_words.h"

#include "engine_sentences.h"

#include <QCoreApplication>

namespace altiplano::app {

namespace {

const char* kindOf(engine::ErrorCode code) {
    using enum engine::ErrorCode;
    switch (code) {
    case File:
        return QT_TRANSLATE_NOOP("Failure", "The file cannot be opened or read.");
    case BadFile:
        return QT_TRANSLATE_NOOP("Failure", "This is not a GGUF file, or it is damaged.");
    case Unsupported:
        return QT_TRANSLATE_NOOP("Failure", "Altiplano does not run models of this kind.");
    case OutOfMemory:
        return QT_TRANSLATE_NOOP("Failure", "There is not enough memory.");
    case BadRequest:
        return QT_TRANSLATE_NOOP("Failure", "This request cannot be carried out.");
    case Template:
        return QT_TRANSLATE_NOOP("Failure", "The model's chat template failed.");
    case Device:
        return QT_TRANSLATE_NOOP("Failure", "The device that computes failed or went away.");
    case Cancelled:
        return QT_TRANSLATE_NOOP("Failure", "It was cancelled.");
    }
    return "";
}

} // namespace

FailureWords FailureWords::of(engine::ErrorCode code, const QString& engineWords) {
    if (const QString whole = translatedSentence(engineWords); !whole.isEmpty()) return {whole, engineWords};
    const char* kind = kindOf(code);
    const QString said = QCoreApplication::translate("Failure", kind);
    if (said == QLatin1String(kind)) return {engineWords, {}}; // English: the engine says more
    return {said, engineWords};
}

FailureWords FailureWords::of(const engine::events::Failed& failure) {
    return of(failure.code, QString::fromStdString(failure.sentence));
}

} // namespace altiplano::app
