#pragma once

#include "models/model_facts.h"

#include <unordered_map>

namespace altiplano::app {

/// What files said when they were last read, by path, size and time of change: on the disk, so that a file is
/// read once and not at every start. Only what could be read is kept. One thread at a time.
class FactsCache {
public:
    explicit FactsCache(const QString& path); ///< of the file, which need not exist

    const ModelFacts* find(const FoundFile& file); ///< null: not known
    void put(const ModelFacts& facts);
    void save(); ///< what was found or put since the last time; a full disk costs time only, later

private:
    void load();

    QString m_path;
    bool m_loaded = false, m_changed = false;
    struct Entry {
        ModelFacts facts;
        bool used = false;
    };
    std::unordered_map<QString, Entry> m_entries;
};

} // namespace altiplano::app
