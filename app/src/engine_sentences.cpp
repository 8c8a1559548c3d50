#include "engine_sentences.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>

#include <vector>

namespace altiplano::app {

namespace {

/// As they stand in the engine (house.tst_translations compares), a number or name for each %n.
constexpr const char* kSentences[] = {
    // why this device
    QT_TRANSLATE_NOOP("Engine", "The CPU was asked for."),
    QT_TRANSLATE_NOOP("Engine", "No layers on the GPU were asked for."),
    QT_TRANSLATE_NOOP("Engine", "The GPU answers and is the fastest device here."),
    QT_TRANSLATE_NOOP("Engine", "CUDA was asked for."),
    QT_TRANSLATE_NOOP("Engine", "CUDA was asked for, but %1."),
    QT_TRANSLATE_NOOP("Engine", "The CPU is used: %1."),
    QT_TRANSLATE_NOOP("Engine", "this build has no CUDA module"),
    QT_TRANSLATE_NOOP("Engine", "the CUDA module does not load: %1"),
    QT_TRANSLATE_NOOP("Engine", "the CUDA module is of another version of the program"),
    QT_TRANSLATE_NOOP("Engine", "the NVIDIA driver failed: %1"),
    QT_TRANSLATE_NOOP("Engine", "the GPU is too old: compute capability 7.5 is needed"),
    QT_TRANSLATE_NOOP("Engine", "not one layer with K/V for %1 tokens fits into the %2 that are free there"),
    QT_TRANSLATE_NOOP("Engine", "not one layer fits into the GPU's memory"),
    QT_TRANSLATE_NOOP("Engine", "The first %1 of %2 layers run on the GPU: with K/V for %3 tokens they need "
                                "%4 of the %5 that are free there."),
    QT_TRANSLATE_NOOP("Engine",
                      "The first %1 of %2 layers run on the GPU: more did not fit into its memory."),
    QT_TRANSLATE_NOOP("Engine", "%1 of %2 layers on the GPU were asked for."),
    QT_TRANSLATE_NOOP("Engine", "It runs what the GPU has no room for."),
    // about a model
    QT_TRANSLATE_NOOP("Engine", "The file has no chat template; the built-in template '%1' is used, and may "
                                "not be what the model was trained with."),
    QT_TRANSLATE_NOOP("Engine",
                      "The file's chat template cannot be used (%1); the built-in template '%2' is used, "
                      "and may not be what the model was trained with."),
    QT_TRANSLATE_NOOP("Engine", "Unknown pre-tokenizer '%1': text is split by the default rules, which may "
                                "differ from those that the model was trained with."),
    // why a file is refused
    QT_TRANSLATE_NOOP("Engine", "%1 at byte %2: %3"),
    QT_TRANSLATE_NOOP("Engine", "not a GGUF file"),
    QT_TRANSLATE_NOOP("Engine", "an old GGML file, from before GGUF; convert the model again"),
    QT_TRANSLATE_NOOP("Engine", "a big-endian GGUF file; this engine reads little-endian ones"),
    QT_TRANSLATE_NOOP("Engine", "a Git LFS pointer, not the model itself; fetch the file with git lfs pull"),
    QT_TRANSLATE_NOOP("Engine", "GGUF version %1 is not known; versions 2 and 3 are"),
    QT_TRANSLATE_NOOP("Engine", "%1 bytes are needed here, but the file ends after %2; it may be an "
                                "incomplete download"),
    QT_TRANSLATE_NOOP("Engine", "cannot be opened: %1"),
    QT_TRANSLATE_NOOP("Engine", "is not a regular file"),
    QT_TRANSLATE_NOOP("Engine", "is empty"),
    QT_TRANSLATE_NOOP("Engine", "this is %1 of a split model; open the first part"),
    QT_TRANSLATE_NOOP("Engine", "the file is of the type %1, not a model"),
    QT_TRANSLATE_NOOP("Engine", "the architecture %1 is not supported; llama and qwen2 are"),
    QT_TRANSLATE_NOOP("Engine", "the file has no weights, only metadata"),
    QT_TRANSLATE_NOOP("Engine", "attention with a sliding window in some layers only is not supported"),
    // memory
    QT_TRANSLATE_NOOP("Engine", "The memory does not suffice."),
    QT_TRANSLATE_NOOP("Engine", "The memory does not suffice for a step; a shorter context or fewer requests "
                                "at once may fit."),
    QT_TRANSLATE_NOOP("Engine", "The model's weights need %1, but only %2 of memory are free; a smaller "
                                "quantization of it may fit."),
    QT_TRANSLATE_NOOP("Engine", "The model's weights need %1, but the memory does not suffice; a smaller "
                                "quantization of it may fit."),
    QT_TRANSLATE_NOOP("Engine",
                      "The model needs %1 with a context of %2 tokens, more than the memory limit of "
                      "%3; a higher limit or a smaller quantization of it would do."),
    QT_TRANSLATE_NOOP("Engine", "A context of %1 tokens needs %2 of memory, but %3 are free; %4."),
    QT_TRANSLATE_NOOP("Engine", "A context of %1 tokens needs %2 of the GPU's memory, but %3 are free; %4."),
    QT_TRANSLATE_NOOP("Engine", "one of %1 tokens fits"),
    QT_TRANSLATE_NOOP("Engine", "no useful context fits"),
    // an answer
    QT_TRANSLATE_NOOP("Engine", "The prompt has %1 tokens, but the context holds %2; shorten it or choose a "
                                "larger context."),
    QT_TRANSLATE_NOOP("Engine", "The prompt is empty."),
    QT_TRANSLATE_NOOP("Engine", "The model computed numbers that are not finite: its file may be damaged, or "
                                "the device be failing."),
    QT_TRANSLATE_NOOP("Engine", "The GPU failed while %1: %2"),
};

struct Pattern {
    const char* sentence;
    QRegularExpression match;
};

std::vector<Pattern> patterns() {
    static const QRegularExpression placeholder(QStringLiteral("\\\\%\\d"));
    std::vector<Pattern> all;
    for (const char* sentence : kSentences) {
        QString match = QRegularExpression::escape(QLatin1String(sentence));
        match.replace(placeholder, QStringLiteral("(.+?)"));
        all.push_back({sentence, QRegularExpression(QRegularExpression::anchoredPattern(match),
                                                    QRegularExpression::CaseInsensitiveOption)});
    }
    return all;
}

} // namespace

QString translatedSentence(const QString& english) {
    static const std::vector<Pattern> known = patterns();
    for (const Pattern& pattern : known) {
        const auto match = pattern.match.match(english);
        if (!match.hasMatch()) continue;
        const QString said = QCoreApplication::translate("Engine", pattern.sentence);
        if (said == QLatin1String(pattern.sentence)) return {};
        QString filled;
        for (qsizetype at = 0; at < said.size(); ++at) {
            const int number = said[at] == u'%' && at + 1 < said.size() ? said[at + 1].digitValue() : -1;
            filled += number > 0 ? inWindowLanguage(match.captured(number)) : QString(said[at]);
            at += number > 0 ? 1 : 0;
        }
        return filled;
    }
    return {};
}

QString inWindowLanguage(const QString& english) {
    const QString said = translatedSentence(english);
    return said.isEmpty() ? english : said;
}

} // namespace altiplano::app
