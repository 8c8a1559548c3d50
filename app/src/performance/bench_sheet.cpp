#include "bench_sheet.h"

#include "models/model_facts.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <cmath>
#include <limits>

namespace altiplano::app {

namespace {

constexpr qsizetype kMostBytes = 8'000'000;
constexpr qsizetype kMostRows = 2000;

QString sentence(const char* text) {
    return QCoreApplication::translate("BenchSheet", text);
}

double number(const QJsonObject& row, const char* name) {
    return row.value(QLatin1String(name)).toDouble(std::numeric_limits<double>::quiet_NaN());
}

QString text(const QJsonObject& row, const char* name) {
    return row.value(QLatin1String(name)).toString().simplified().left(120);
}

/// A count as it may stand in a row: whole, not negative, and not beyond what can be counted.
int count(const QJsonObject& row, const char* name, int otherwise) {
    const double value = number(row, name);
    return value >= 0 && value <= 1e9 ? static_cast<int>(value) : otherwise;
}

void addPhases(std::map<QString, double>& to, const QString& side, const QJsonValue& phases) {
    const QJsonObject object = phases.toObject();
    for (auto phase = object.begin(); phase != object.end(); ++phase)
        if (phase->isDouble()) to[side + phase.key().left(40)] = phase->toDouble();
}

BenchRow rowOf(const QJsonObject& json) {
    BenchRow row;
    row.model = text(json, "model");
    row.file = text(json, "file");
    row.quantization = text(json, "quantization");
    row.backend = text(json, "backend");
    row.device = text(json, "device");
    row.driver = text(json, "driver");
    row.version = text(json, "version");
    row.kv = text(json, "kv");
    row.date = QDateTime::fromString(text(json, "date"), Qt::ISODate);
    row.threads = count(json, "threads", 0);
    row.batch = count(json, "batch", 1);
    row.depth = count(json, "depth", 0);
    row.promptTokens = count(json, "n_prompt", 0);
    row.generateTokens = count(json, "n_gen", 0);
    row.layers = count(json, "layers", 0);
    row.layersOnGpu = count(json, "gpu_layers", 0);
    row.graphs = json.value(QLatin1String("graphs")).toBool();
    row.tokensPerSecond = number(json, "tokens_per_s");
    row.hostUs = number(json, "host_us_per_token");
    row.deviceMs = number(json, "device_ms_per_token");
    row.roofPercent = number(json, "roof_percent");
    addPhases(row.phasesUs, QStringLiteral("host "), json.value(QLatin1String("host_us")));
    addPhases(row.phasesUs, QStringLiteral("device "), json.value(QLatin1String("device_us")));
    return row;
}

QVariant cell(double value) {
    return std::isnan(value) ? QVariant() : QVariant(value);
}

} // namespace

QString BenchRow::name() const {
    return file.isEmpty() ? model : modelDisplayName(file, quantization);
}

bool BenchRow::sameMachine(const BenchRow& other) const {
    return device == other.device && backend == other.backend;
}

bool BenchRow::sameCase(const BenchRow& other) const {
    return sameMachine(other) && name() == other.name() && quantization == other.quantization &&
           threads == other.threads && kv == other.kv && layersOnGpu == other.layersOnGpu &&
           graphs == other.graphs && batch == other.batch && depth == other.depth &&
           promptTokens == other.promptTokens && generateTokens == other.generateTokens;
}

BenchSheet BenchSheet::parse(const QByteArray& json, QString& error) {
    error.clear();
    QJsonParseError problem;
    const QJsonDocument document =
        json.size() > kMostBytes ? QJsonDocument() : QJsonDocument::fromJson(json, &problem);
    const QJsonArray array = document.array();
    BenchSheet sheet;
    if (array.isEmpty() || array.size() > kMostRows) {
        error = sentence(QT_TRANSLATE_NOOP(
            "BenchSheet", "This is not a measurement: altiplano-cli bench --json writes one."));
        return sheet;
    }
    for (const QJsonValue& value : array) {
        const BenchRow row = rowOf(value.toObject());
        const bool usable = std::isfinite(row.tokensPerSecond) && row.tokensPerSecond > 0 &&
                            (row.promptTokens > 0) != (row.generateTokens > 0);
        if (!usable) {
            error = sentence(QT_TRANSLATE_NOOP(
                "BenchSheet", "A row of this measurement has no speed, or neither prompt nor answer."));
            return {};
        }
        sheet.rows.push_back(row);
    }
    return sheet;
}

bool BenchSheet::hasBothGraphs() const {
    const auto decodesWith = [this](bool graphs) {
        return std::any_of(rows.begin(), rows.end(),
                           [=](const BenchRow& row) { return row.decodes() && row.graphs == graphs; });
    };
    return decodesWith(true) && decodesWith(false);
}

DataTable BenchSheet::table() const {
    DataTable table;
    if (!rows.empty())
        table.title = QStringLiteral("%1 %2, %3").arg(rows[0].name(), rows[0].quantization, rows[0].device);
    table.columns = {QStringLiteral("test"),         QStringLiteral("graphs"),
                     QStringLiteral("batch"),        QStringLiteral("depth"),
                     QStringLiteral("tokens_per_s"), QStringLiteral("host_us_per_token"),
                     QStringLiteral("host_percent"), QStringLiteral("device_ms_per_token"),
                     QStringLiteral("roof_percent"), QStringLiteral("kv"),
                     QStringLiteral("threads"),      QStringLiteral("driver"),
                     QStringLiteral("version"),      QStringLiteral("date")};
    for (const BenchRow& row : rows)
        table.rows.append({row.decodes() ? QStringLiteral("decode %1").arg(row.generateTokens)
                                         : QStringLiteral("prompt %1").arg(row.promptTokens),
                           row.graphs ? QStringLiteral("on") : QStringLiteral("off"), row.batch, row.depth,
                           cell(row.tokensPerSecond), cell(row.hostUs), cell(100 * row.hostShare()),
                           cell(row.deviceMs), cell(row.roofPercent), row.kv, row.threads, row.driver,
                           row.version, row.date.toString(Qt::ISODate)});
    return table;
}

} // namespace altiplano::app
