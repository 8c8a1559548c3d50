#include "phase.h"

#include <QCoreApplication>

#include <algorithm>
#include <numeric>

namespace altiplano::app {

namespace {

struct Words {
    const char* key;
    const char* title;
    const char* sentence;
};

constexpr std::array<Words, kPhases> kWords = {{
    {"device_embed", QT_TRANSLATE_NOOP("Phase", "embed"),
     QT_TRANSLATE_NOOP("Phase", "Looks the token up in the embedding table.")},
    {"device_qkv", QT_TRANSLATE_NOOP("Phase", "qkv"),
     QT_TRANSLATE_NOOP("Phase",
                       "Computes queries, keys and values of all layers, and stores keys and values.")},
    {"device_attention", QT_TRANSLATE_NOOP("Phase", "attention"),
     QT_TRANSLATE_NOOP("Phase", "Reads the keys and values of the whole context; grows with it.")},
    {"device_projection", QT_TRANSLATE_NOOP("Phase", "projection"),
     QT_TRANSLATE_NOOP("Phase", "Multiplies what attention found by the output weights.")},
    {"device_feed_forward", QT_TRANSLATE_NOOP("Phase", "feed forward"),
     QT_TRANSLATE_NOOP("Phase", "The largest matrices of each layer: gate, up and down.")},
    {"device_logits", QT_TRANSLATE_NOOP("Phase", "logits"),
     QT_TRANSLATE_NOOP("Phase", "Scores every word of the vocabulary.")},
    {"device_sample", QT_TRANSLATE_NOOP("Phase", "sample on device"),
     QT_TRANSLATE_NOOP("Phase", "Chooses the next token on the device.")},
    {"cpu_embed", QT_TRANSLATE_NOOP("Phase", "embed (CPU)"),
     QT_TRANSLATE_NOOP("Phase", "Looks the token up in the embedding table, on the CPU.")},
    {"cpu_qkv", QT_TRANSLATE_NOOP("Phase", "qkv (CPU)"),
     QT_TRANSLATE_NOOP("Phase", "Queries, keys and values of the layers that the CPU runs.")},
    {"cpu_attention", QT_TRANSLATE_NOOP("Phase", "attention (CPU)"),
     QT_TRANSLATE_NOOP("Phase", "Attention of the layers that the CPU runs; grows with the context.")},
    {"cpu_projection", QT_TRANSLATE_NOOP("Phase", "projection (CPU)"),
     QT_TRANSLATE_NOOP("Phase", "Output weights of the layers that the CPU runs.")},
    {"cpu_feed_forward", QT_TRANSLATE_NOOP("Phase", "feed forward (CPU)"),
     QT_TRANSLATE_NOOP("Phase", "The largest matrices of the layers for which the GPU has no room.")},
    {"cpu_logits", QT_TRANSLATE_NOOP("Phase", "logits (CPU)"),
     QT_TRANSLATE_NOOP("Phase", "Scores every word of the vocabulary, on the CPU.")},
    {"host_schedule", QT_TRANSLATE_NOOP("Phase", "schedule"),
     QT_TRANSLATE_NOOP("Phase", "Decides which requests take part in the step.")},
    {"host_prepare", QT_TRANSLATE_NOOP("Phase", "prepare"),
     QT_TRANSLATE_NOOP("Phase", "Fills in the rows and the page tables of the step.")},
    {"host_launch", QT_TRANSLATE_NOOP("Phase", "launch"),
     QT_TRANSLATE_NOOP("Phase", "Sets the device to work: wakes the threads, or launches kernels on the GPU, "
                                "which graphs make cheap.")},
    {"host_sample", QT_TRANSLATE_NOOP("Phase", "sample"),
     QT_TRANSLATE_NOOP("Phase", "Chooses the next token from the scores.")},
    {"host_detokenize", QT_TRANSLATE_NOOP("Phase", "detokenize"),
     QT_TRANSLATE_NOOP("Phase", "Turns the token into text.")},
    {"host_deliver", QT_TRANSLATE_NOOP("Phase", "deliver"),
     QT_TRANSLATE_NOOP("Phase", "Hands the text to the window.")},
    {"other", QT_TRANSLATE_NOOP("Phase", "other"),
     QT_TRANSLATE_NOOP("Phase",
                       "Time that no phase accounts for, such as waking threads or gaps between launches.")},
}};

const Words& wordsOf(Phase phase) {
    return kWords.at(static_cast<std::size_t>(phase));
}

/// Where a host phase is shown; Wait is the device's time and has no part of its own.
Phase partOf(engine::HostPhase phase) {
    switch (phase) {
    case engine::HostPhase::Schedule:
        return Phase::Schedule;
    case engine::HostPhase::Prepare:
        return Phase::Prepare;
    case engine::HostPhase::Launch:
        return Phase::Launch;
    case engine::HostPhase::Sample:
        return Phase::Sample;
    case engine::HostPhase::Detokenize:
        return Phase::Detokenize;
    case engine::HostPhase::Deliver:
        return Phase::Deliver;
    case engine::HostPhase::Wait:
        break;
    }
    return Phase::Other;
}

/// The values, scaled down where their sum is above `most`.
template <std::size_t N>
void limitSum(std::array<std::int64_t, N>& values, std::int64_t most) {
    const std::int64_t sum = std::accumulate(values.begin(), values.end(), std::int64_t{0});
    if (sum <= most) return;
    for (std::int64_t& value : values)
        value = static_cast<std::int64_t>(static_cast<double>(value) * static_cast<double>(most) /
                                          static_cast<double>(sum));
}

} // namespace

QString phaseTitle(Phase phase) {
    return QCoreApplication::translate("Phase", wordsOf(phase).title);
}

QString phaseSentence(Phase phase) {
    return QCoreApplication::translate("Phase", wordsOf(phase).sentence);
}

QString phaseKey(Phase phase) {
    return QString::fromLatin1(wordsOf(phase).key);
}

std::int64_t Breakdown::deviceNs() const {
    return std::accumulate(ns.begin(), ns.begin() + kDeviceParts, std::int64_t{0});
}

std::int64_t Breakdown::hostNs() const {
    return wallNs() - deviceNs() - of(Phase::Other);
}

std::int64_t Breakdown::wallNs() const {
    return std::accumulate(ns.begin(), ns.end(), std::int64_t{0});
}

Breakdown& Breakdown::operator+=(const Breakdown& other) {
    for (std::size_t i = 0; i < kPhases; ++i)
        ns[i] += other.ns[i];
    return *this;
}

Phase partOf(engine::DevicePhase phase, bool cpuPart) {
    const auto index = static_cast<std::size_t>(phase);
    return static_cast<Phase>(cpuPart ? kDeviceParts + std::min(index, kCpuParts - 1) : index);
}

Breakdown breakdownOf(const engine::StepTiming& timing) {
    std::array<std::int64_t, kDeviceParts + kCpuParts> device{};
    for (std::size_t i = 0; i < engine::kDevicePhases; ++i) {
        const auto phase = static_cast<engine::DevicePhase>(i);
        device[static_cast<std::size_t>(partOf(phase, false))] += timing.deviceNs[i] - timing.cpuPartNs[i];
        device[static_cast<std::size_t>(partOf(phase, true))] += timing.cpuPartNs[i];
    }
    limitSum(device, timing.wallNs);
    auto host = timing.hostNs;
    host[static_cast<std::size_t>(engine::HostPhase::Wait)] = 0;
    const std::int64_t rest = timing.wallNs - std::accumulate(device.begin(), device.end(), std::int64_t{0});
    limitSum(host, rest);

    Breakdown parts;
    std::copy(device.begin(), device.end(), parts.ns.begin());
    for (std::size_t i = 0; i < host.size(); ++i)
        parts.ns[static_cast<std::size_t>(partOf(static_cast<engine::HostPhase>(i)))] += host[i];
    parts.ns[static_cast<std::size_t>(Phase::Other)] +=
        rest - std::accumulate(host.begin(), host.end(), std::int64_t{0});
    return parts;
}

} // namespace altiplano::app
