#include "models/facts_cache.h"

#include <QDataStream>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include <utility>

namespace altiplano::app {

namespace {

/// Changes with what is written, and whenever the same file may say something new.
const QByteArray kVersion = QByteArrayLiteral("altiplano model facts 1");

template <typename Stream, typename Facts>
Stream& transfer(Stream& stream, Facts& facts) {
    return [&](auto&... member) -> Stream& {
        if constexpr (std::is_const_v<Facts>)
            return (stream << ... << member);
        else
            return (stream >> ... >> member);
    }(facts.file.path, facts.file.bytes, facts.file.modified, facts.file.parts, facts.name, facts.title,
                                facts.architecture, facts.quantization, facts.license, facts.parameters,
                                facts.layers, facts.contextTokens);
}

} // namespace

FactsCache::FactsCache(const QString& path) : m_path(path) {}

void FactsCache::load() {
    if (std::exchange(m_loaded, true)) return;
    QFile file(m_path);
    if (!file.open(QIODevice::ReadOnly)) return;
    QDataStream stream(&file);
    stream.setVersion(QDataStream::Qt_6_4);
    QByteArray version;
    stream >> version;
    if (version != kVersion) return;
    while (!stream.atEnd()) {
        ModelFacts facts;
        transfer(stream, facts);
        if (stream.status() != QDataStream::Ok) return;
        m_entries[facts.file.path] = {facts, false};
    }
}

const ModelFacts* FactsCache::find(const FoundFile& file) {
    load();
    const auto found = m_entries.find(file.path);
    if (found == m_entries.end() || found->second.facts.file != file) return nullptr;
    found->second.used = true;
    return &found->second.facts;
}

void FactsCache::put(const ModelFacts& facts) {
    if (!facts.problem.isEmpty()) return;
    m_entries[facts.file.path] = {facts, true};
    m_changed = true;
}

void FactsCache::save() {
    m_changed |= std::erase_if(m_entries, [](const auto& entry) { return !entry.second.used; }) > 0;
    for (auto& [path, entry] : m_entries)
        entry.used = false;
    if (!std::exchange(m_changed, false)) return;
    QDir().mkpath(QFileInfo(m_path).absolutePath());
    QSaveFile file(m_path);
    if (!file.open(QIODevice::WriteOnly)) return;
    QDataStream stream(&file);
    stream.setVersion(QDataStream::Qt_6_4);
    stream << kVersion;
    for (const auto& [path, entry] : m_entries)
        transfer(stream, entry.facts);
    file.commit();
}

} // namespace altiplano::app
