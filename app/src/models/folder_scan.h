#pragma once

#include "models/model_facts.h"

#include <QStringList>

#include <stop_token>
#include <vector>

namespace altiplano::app {

/// Where model files are.
struct ModelPlaces {
    QStringList folders; ///< with everything below them
    QStringList files;   ///< single ones elsewhere
    bool operator==(const ModelPlaces&) const = default;
};

struct FolderContents {
    std::vector<FoundFile> files; ///< by path
    QStringList folders;          ///< those that were looked into and may be watched
    bool whole = true;            ///< false: there is more than this app looks at
};

/// Looks for model files (*.gguf; the parts of a split one count as one) by names and sizes only. Hidden
/// folders and links to folders are passed over. Bounded: so many folders and files, so deep. Any thread.
FolderContents findModelFiles(const ModelPlaces& places, const std::stop_token& stop);

/// The files of a model, given any one of them: those parts that are there.
QStringList partsOf(const QString& path);

} // namespace altiplano::app
