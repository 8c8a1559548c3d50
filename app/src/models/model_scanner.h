#pragma once

#include "models/facts_cache.h"
#include "models/folder_scan.h"
#include "models/work_thread.h"

#include <QObject>

#include <vector>

namespace altiplano::app {

/// Reads the headers of model files on a thread of its own. Calls and signals on the GUI thread.
class ModelScanner : public QObject {
    Q_OBJECT
public:
    explicit ModelScanner(const QString& cacheFile, QObject* parent = nullptr);
    ~ModelScanner() override;

    void scan(const ModelPlaces& places); ///< in place of a scan under way

signals:
    void read(const std::vector<altiplano::app::ModelFacts>& some); ///< those known from before first
    void ended(const altiplano::app::FolderContents& contents);     ///< of which all were read

private:
    void run(const ModelPlaces& places, const std::stop_token& stop, quint64 number);
    template <typename Call>
    void tell(quint64 number, Call call);

    std::stop_source m_stop;
    quint64 m_number = 0;
    FactsCache m_cache; ///< the thread's
    WorkThread m_thread;
};

} // namespace altiplano::app
