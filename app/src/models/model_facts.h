#pragma once

#include "engine/error.h"

#include <QMetaType>
#include <QString>

namespace altiplano::app {

/// A model file, or all parts of a split one, as a look at the folder shows it.
struct FoundFile {
    QString path;        ///< of the first part
    quint64 bytes = 0;   ///< all parts
    qint64 modified = 0; ///< milliseconds since 1970, of the newest part
    int parts = 1;       ///< that are there
    bool operator==(const FoundFile&) const = default;
};

/// What its header says.
struct ModelFacts {
    FoundFile file;
    QString name; ///< the file's, without quantization and suffix
    QString title, architecture, quantization, license;
    quint64 parameters = 0;
    quint32 layers = 0, contextTokens = 0; ///< tokens that it was trained for
    QString problem;                       ///< the engine's sentence: why it cannot run; empty: it can
    engine::ErrorCode problemCode = engine::ErrorCode::Unsupported; ///< of it
    bool operator==(const ModelFacts&) const = default;
};

/// Reads the header. Whatever is wrong with the file ends up in `problem`.
ModelFacts readModelFacts(const FoundFile& file);

/// "SmolLM2-135M-Instruct" of "SmolLM2-135M-Instruct.Q4_1.gguf" or "...-Q4_K_M-00001-of-00003.gguf". People
/// know their models by the files' names; general.name often is what the training run was called.
QString modelDisplayName(const QString& path, const QString& quantization);

/// "/home/me/x.gguf: not a GGUF file" as "Not a GGUF file": the window names the file itself.
QString withoutFileName(const QString& sentence, const QString& path);

} // namespace altiplano::app
