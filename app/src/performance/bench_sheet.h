#pragma once

#include "data_table.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>

#include <map>
#include <vector>

namespace altiplano::app {

/// One measured row: see engine::benchRow. NaN where a number is not known.
struct BenchRow {
    QString model, file, quantization, backend, device, driver, version, kv;
    QDateTime date;
    int threads = 0, batch = 1, depth = 0, promptTokens = 0, generateTokens = 0;
    int layers = 0, layersOnGpu = 0;
    bool graphs = false;
    double tokensPerSecond = 0;
    double hostUs = 0;   ///< per token, without waiting
    double deviceMs = 0; ///< per token
    double roofPercent = 0;
    std::map<QString, double> phasesUs; ///< per token, by "device qkv", "host sample", ...

    bool decodes() const { return generateTokens > 0; }
    double hostShare() const { return hostUs * tokensPerSecond / 1e6; } ///< of a token's time, 0..1
    QString name() const; ///< of the file, as people know it, without its type; else the model's own
    bool sameCase(const BenchRow& other) const; ///< apart from when and with which driver and version
    bool sameMachine(const BenchRow& other) const;
};

/// The rows of a bench file.
struct BenchSheet {
    std::vector<BenchRow> rows;

    /// Reads what `altiplano-cli bench --json` prints, of any version. Where it cannot, there are no rows and
    /// `error` is a sentence.
    static BenchSheet parse(const QByteArray& json, QString& error);

    bool hasBothGraphs() const; ///< rows with and without graphs
    DataTable table() const;
};

} // namespace altiplano::app
