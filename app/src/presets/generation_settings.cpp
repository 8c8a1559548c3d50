#include "presets/generation_settings.h"

namespace altiplano::app {

const std::vector<Setting>& generationSettings() {
    static const std::vector<Setting> all = {
        {"system", QT_TRANSLATE_NOOP("Setting", "Role"), QT_TRANSLATE_NOOP("Setting", "System prompt"),
         QT_TRANSLATE_NOOP("Setting",
                           "What the model is told before the chat: who it is, how it is to answer."),
         Setting::Text, QString()},
        {"temperature",
         QT_TRANSLATE_NOOP("Setting", "Sampling"),
         QT_TRANSLATE_NOOP("Setting", "Temperature"),
         QT_TRANSLATE_NOOP("Setting", "How freely words are chosen. 0: always the likeliest."),
         Setting::Number,
         0.7,
         {},
         {0, 5, 0.1, 2}},
        {"topP",
         QT_TRANSLATE_NOOP("Setting", "Sampling"),
         QT_TRANSLATE_NOOP("Setting", "Top-p"),
         QT_TRANSLATE_NOOP("Setting",
                           "Chooses among the likeliest words that together have this probability. 1: off."),
         Setting::Number,
         0.95,
         {},
         {0, 1, 0.05, 2}},
        {"topK",
         QT_TRANSLATE_NOOP("Setting", "Sampling"),
         QT_TRANSLATE_NOOP("Setting", "Top-k"),
         QT_TRANSLATE_NOOP("Setting", "Chooses among this many of the likeliest words."),
         Setting::Number,
         40.0,
         {},
         {0, 1000, 1, 0, "", QT_TRANSLATE_NOOP("Setting", "Off")}},
        {"minP",
         QT_TRANSLATE_NOOP("Setting", "Sampling"),
         QT_TRANSLATE_NOOP("Setting", "Min-p"),
         QT_TRANSLATE_NOOP("Setting", "Leaves out words less likely than this share of the likeliest."),
         Setting::Number,
         0.05,
         {},
         {0, 1, 0.05, 2, "", QT_TRANSLATE_NOOP("Setting", "Off")}},
        {"repetitionPenalty",
         QT_TRANSLATE_NOOP("Setting", "Repetition"),
         QT_TRANSLATE_NOOP("Setting", "Repetition penalty"),
         QT_TRANSLATE_NOOP("Setting", "Makes words that were just used less likely. 1: off."),
         Setting::Number,
         1.0,
         {},
         {0.5, 2, 0.05, 2}},
        {"presencePenalty",
         QT_TRANSLATE_NOOP("Setting", "Repetition"),
         QT_TRANSLATE_NOOP("Setting", "Presence penalty"),
         QT_TRANSLATE_NOOP("Setting", "Makes words that were used at all less likely. 0: off."),
         Setting::Number,
         0.0,
         {},
         {-2, 2, 0.1, 2}},
        {"frequencyPenalty",
         QT_TRANSLATE_NOOP("Setting", "Repetition"),
         QT_TRANSLATE_NOOP("Setting", "Frequency penalty"),
         QT_TRANSLATE_NOOP("Setting", "Makes words less likely the more often they were used. 0: off."),
         Setting::Number,
         0.0,
         {},
         {-2, 2, 0.1, 2}},
        {"maxTokens",
         QT_TRANSLATE_NOOP("Setting", "Answer"),
         QT_TRANSLATE_NOOP("Setting", "Longest answer"),
         QT_TRANSLATE_NOOP("Setting", "After so many tokens an answer is cut; it can be continued."),
         Setting::Number,
         0.0,
         {},
         {0, 1'000'000, 256, 0, QT_TRANSLATE_NOOP("Setting", "%1 tokens"),
          QT_TRANSLATE_NOOP("Setting", "No limit")}},
        {"seed",
         QT_TRANSLATE_NOOP("Setting", "Answer"),
         QT_TRANSLATE_NOOP("Setting", "Seed"),
         QT_TRANSLATE_NOOP("Setting", "With the same seed, the same question has the same answer."),
         Setting::Number,
         -1.0,
         {},
         {-1, 4'294'967'295, 1, 0, "", QT_TRANSLATE_NOOP("Setting", "Random")}},
    };
    return all;
}

void applyGeneration(const std::function<QVariant(const Setting&)>& valueOf,
                     engine::GenerationRequest& request) {
    const auto value = [&](const char* key) {
        return valueOf(*findSetting(generationSettings(), QLatin1String(key)));
    };
    engine::SamplingParams& sampling = request.sampling;
    sampling.temperature = value("temperature").toFloat();
    sampling.topK = value("topK").toUInt();
    sampling.topP = value("topP").toFloat();
    sampling.minP = value("minP").toFloat();
    sampling.repetitionPenalty = value("repetitionPenalty").toFloat();
    sampling.presencePenalty = value("presencePenalty").toFloat();
    sampling.frequencyPenalty = value("frequencyPenalty").toFloat();
    if (const qint64 seed = value("seed").toLongLong(); seed >= 0)
        sampling.seed = static_cast<std::uint64_t>(seed);
    request.maxTokens = value("maxTokens").toUInt();
    if (const QString system = value("system").toString().trimmed(); !system.isEmpty())
        request.messages.insert(request.messages.begin(), {"system", system.toStdString()});
}

} // namespace altiplano::app
