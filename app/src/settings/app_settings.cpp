#include "settings/setting.h"

namespace altiplano::app {

const std::vector<Setting>& appSettings() {
    static const std::vector<Setting> all = {
        {"look/theme",
         QT_TRANSLATE_NOOP("Setting", "Appearance"),
         QT_TRANSLATE_NOOP("Setting", "Theme"),
         QT_TRANSLATE_NOOP("Setting", "Light, dark, or as the system has it."),
         Setting::Choice,
         QStringLiteral("system"),
         {{QStringLiteral("system"), QT_TRANSLATE_NOOP("Setting", "System")},
          {QStringLiteral("light"), QT_TRANSLATE_NOOP("Setting", "Light")},
          {QStringLiteral("dark"), QT_TRANSLATE_NOOP("Setting", "Dark")}}},
        {"look/language",
         QT_TRANSLATE_NOOP("Setting", "Appearance"),
         QT_TRANSLATE_NOOP("Setting", "Language"),
         QT_TRANSLATE_NOOP("Setting", "Of the window; models answer in the language that they are asked in."),
         Setting::Choice,
         QStringLiteral("system"),
         {{QStringLiteral("system"), QT_TRANSLATE_NOOP("Setting", "System")},
          {QStringLiteral("en"), "English"}, // each in itself, in every language
          {QStringLiteral("de"), "Deutsch"},
          {QStringLiteral("zh_CN"), "简体中文"}}},
        {"look/fontPercent",
         QT_TRANSLATE_NOOP("Setting", "Appearance"),
         QT_TRANSLATE_NOOP("Setting", "Font size"),
         QT_TRANSLATE_NOOP(
             "Setting",
             "Of all text, beside the system's own font size. Ctrl+Plus, Ctrl+Minus and Ctrl+0 do the same."),
         Setting::Number,
         100.0,
         {},
         {80, 200, 10, 0, QT_TRANSLATE_NOOP("Setting", "%1 %")}},
        {"look/motion",
         QT_TRANSLATE_NOOP("Setting", "Appearance"),
         QT_TRANSLATE_NOOP("Setting", "Motion"),
         QT_TRANSLATE_NOOP("Setting", "Whether panels slide and fade."),
         Setting::Choice,
         QStringLiteral("system"),
         {{QStringLiteral("system"), QT_TRANSLATE_NOOP("Setting", "System")},
          {QStringLiteral("full"), QT_TRANSLATE_NOOP("Setting", "On")},
          {QStringLiteral("reduced"), QT_TRANSLATE_NOOP("Setting", "Off")}}},
        {"composer/enterSends", QT_TRANSLATE_NOOP("Setting", "Writing"),
         QT_TRANSLATE_NOOP("Setting", "Enter sends"),
         QT_TRANSLATE_NOOP(
             "Setting", "Shift+Enter starts a new line. Off: Enter starts a new line, and Ctrl+Enter sends."),
         Setting::Switch, true},
        {"engine/device",
         QT_TRANSLATE_NOOP("Setting", "Models"),
         QT_TRANSLATE_NOOP("Setting", "Device"),
         QT_TRANSLATE_NOOP(
             "Setting",
             "Where models run. Automatic: on the GPU as far as its memory goes, the rest on the processor."),
         Setting::Choice,
         QStringLiteral("auto"),
         {{QStringLiteral("auto"), QT_TRANSLATE_NOOP("Setting", "Automatic")},
          {QStringLiteral("cpu"), QT_TRANSLATE_NOOP("Setting", "Processor")},
          {QStringLiteral("cuda"), QT_TRANSLATE_NOOP("Setting", "GPU (CUDA)")}}},
        {"engine/gpuLayers",
         QT_TRANSLATE_NOOP("Setting", "Models"),
         QT_TRANSLATE_NOOP("Setting", "Layers on the GPU"),
         QT_TRANSLATE_NOOP(
             "Setting",
             "How many of a model's layers run on the GPU. Automatic: as many as fit into its memory."),
         Setting::Number,
         -1.0,
         {},
         {-1, 999, 1, 0, "", QT_TRANSLATE_NOOP("Setting", "Automatic")}},
        {"engine/threads",
         QT_TRANSLATE_NOOP("Setting", "Models"),
         QT_TRANSLATE_NOOP("Setting", "Processor threads"),
         QT_TRANSLATE_NOOP(
             "Setting",
             "How many cores of the processor a model may use. Automatic: as many as make it fastest."),
         Setting::Number,
         0.0,
         {},
         {0, 1024, 1, 0, "", QT_TRANSLATE_NOOP("Setting", "Automatic")}},
        {"engine/contextTokens",
         QT_TRANSLATE_NOOP("Setting", "Models"),
         QT_TRANSLATE_NOOP("Setting", "Context length"),
         QT_TRANSLATE_NOOP(
             "Setting",
             "How much of a chat a model sees. More takes more memory; a model that was trained for less "
             "gets "
             "less."),
         Setting::Number,
         4096.0,
         {},
         {512, 1'048'576, 1024, 0, QT_TRANSLATE_NOOP("Setting", "%1 tokens")}},
        {"engine/kvQ8",
         QT_TRANSLATE_NOOP("Setting", "Models"),
         QT_TRANSLATE_NOOP("Setting", "Context in memory"),
         QT_TRANSLATE_NOOP("Setting", "With 8 bits the context takes half the memory, at hardly any loss."),
         Setting::Choice,
         false,
         {{false, QT_TRANSLATE_NOOP("Setting", "16 bits")}, {true, QT_TRANSLATE_NOOP("Setting", "8 bits")}}},
        {"engine/memoryLimitGb",
         QT_TRANSLATE_NOOP("Setting", "Models"),
         QT_TRANSLATE_NOOP("Setting", "Memory limit"),
         QT_TRANSLATE_NOOP(
             "Setting",
             "The most memory that a model may take with its context. The context is shortened to keep "
             "within; "
             "a model that is too big by itself is not loaded."),
         Setting::Number,
         0.0,
         {},
         {0, 2048, 1, 1, QT_TRANSLATE_NOOP("Setting", "%1 GB"), QT_TRANSLATE_NOOP("Setting", "None")}},
    };
    return all;
}

} // namespace altiplano::app
