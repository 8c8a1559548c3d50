#pragma once

#include <QString>

#include <functional>
#include <vector>

class QNetworkAccessManager;

namespace altiplano::app {

/// What downloads need from the world; a test puts its own in.
struct DownloadOptions {
    /// Called once, on the thread of the downloads, at the first connection and not before.
    std::function<QNetworkAccessManager*()> makeNetwork;
    std::function<qint64(const QString& folder)> freeBytes;      ///< on the disk of that folder
    int stallMs = 30'000;                                        ///< of silence
    std::vector<int> pausesMs{1000, 2000, 5000, 10'000, 20'000}; ///< before the next try
    qint64 reserveBytes = 200'000'000;                           ///< to be left free on the disk

    DownloadOptions(); ///< the real world
};

} // namespace altiplano::app
