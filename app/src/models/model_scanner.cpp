#include "models/model_scanner.h"

#include <QElapsedTimer>

#include <utility>

namespace altiplano::app {

namespace {

constexpr std::size_t kBatch = 50;
constexpr qint64 kBatchMs = 100;

} // namespace

ModelScanner::ModelScanner(const QString& cacheFile, QObject* parent) : QObject(parent), m_cache(cacheFile) {}

ModelScanner::~ModelScanner() {
    m_stop.request_stop();
}

void ModelScanner::scan(const ModelPlaces& places) {
    m_stop.request_stop();
    m_stop = {};
    m_thread.post([this, places, stop = m_stop.get_token(), number = ++m_number](const std::stop_token&) {
        run(places, stop, number);
    });
}

/// Calls on the GUI thread, unless another scan was begun.
template <typename Call>
void ModelScanner::tell(quint64 number, Call call) {
    QMetaObject::invokeMethod(
        this,
        [this, number, call = std::move(call)] {
            if (number == m_number) call();
        },
        Qt::QueuedConnection);
}

void ModelScanner::run(const ModelPlaces& places, const std::stop_token& stop, quint64 number) {
    const FolderContents contents = findModelFiles(places, stop);
    std::vector<ModelFacts> batch;
    std::vector<FoundFile> unknown;
    for (const FoundFile& file : contents.files) {
        if (const ModelFacts* facts = m_cache.find(file))
            batch.push_back(*facts);
        else
            unknown.push_back(file);
    }
    QElapsedTimer sinceTold;
    const auto flush = [&] {
        if (!batch.empty()) tell(number, [this, some = std::exchange(batch, {})] { emit read(some); });
        sinceTold.start();
    };
    flush();
    for (const FoundFile& file : unknown) {
        if (stop.stop_requested()) return;
        batch.push_back(readModelFacts(file));
        m_cache.put(batch.back());
        if (batch.size() >= kBatch || sinceTold.elapsed() > kBatchMs) flush();
    }
    flush();
    if (stop.stop_requested()) return;
    m_cache.save();
    tell(number, [this, contents] { emit ended(contents); });
}

} // namespace altiplano::app
