#include "comparison.h"

#include "phase.h"

#include <QFile>
#include <QLocale>

#include <algorithm>
#include <cmath>
#include <limits>

namespace altiplano::app {

namespace {

constexpr std::uint32_t kBatches[] = {1, 4, 8, 16};
constexpr double kNotKnown = std::numeric_limits<double>::quiet_NaN();

double valueOf(const BenchRow& row, Comparison::Metric metric) {
    switch (metric) {
    case Comparison::Speed:
        return row.tokensPerSecond;
    case Comparison::SpeedOfEach:
        return row.tokensPerSecond / std::max(1, row.batch);
    case Comparison::HostUs:
        return row.hostUs;
    case Comparison::HostPercent:
        return 100 * row.hostShare();
    case Comparison::RoofPercent:
        return row.roofPercent;
    }
    return kNotKnown;
}

QByteArray asArray(const QList<QByteArray>& rows) {
    return "[\n" + rows.join(",\n") + "\n]\n";
}

/// Two rows side by side: the phases that took time in either, and what they took.
DataTable sideBySide(const BenchRow& before, const BenchRow& after) {
    DataTable table;
    table.title = Comparison::tr("Before and after");
    table.columns = {QStringLiteral("phase"), QStringLiteral("before_us"), QStringLiteral("after_us")};
    for (const auto& [name, us] : before.phasesUs) {
        const auto other = after.phasesUs.find(name);
        const double now = other == after.phasesUs.end() ? 0 : other->second;
        if (name != QStringLiteral("host wait") && (us > 0 || now > 0)) table.rows.append({name, us, now});
    }
    std::sort(table.rows.begin(), table.rows.end(), [](const QVariantList& a, const QVariantList& b) {
        return a[1].toDouble() + a[2].toDouble() > b[1].toDouble() + b[2].toDouble();
    });
    return table;
}

/// What tells a kept result from the others of its model: when, how fast, on what driver and version.
QStringList detailOf(const BenchSheet& sheet) {
    QStringList facts;
    const BenchRow& first = sheet.rows.front();
    if (first.date.isValid()) facts << QLocale().toString(first.date.toLocalTime(), QLocale::ShortFormat);
    const auto decode = std::find_if(sheet.rows.begin(), sheet.rows.end(),
                                     [](const BenchRow& row) { return row.decodes() && row.batch == 1; });
    if (decode != sheet.rows.end())
        facts << Comparison::tr("%1 tok/s")
                     .arg(QLocale().toString(decode->tokensPerSecond, 'f',
                                             decode->tokensPerSecond < 100 ? 1 : 0));
    if (!first.driver.isEmpty()) facts << Comparison::tr("driver %1").arg(first.driver);
    if (!first.version.isEmpty()) facts << Comparison::tr("Altiplano %1").arg(first.version);
    return facts;
}

} // namespace

std::optional<double> speedChange(const BenchSheet& now, const BenchSheet& before) {
    std::vector<double> ratios;
    for (const BenchRow& row : now.rows)
        for (const BenchRow& other : before.rows)
            if (row.decodes() && row.sameCase(other))
                ratios.push_back(row.tokensPerSecond / other.tokensPerSecond);
    if (ratios.empty()) return {};
    const auto middle = ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2);
    std::nth_element(ratios.begin(), middle, ratios.end());
    return *middle - 1;
}

Comparison::Comparison(EnginePort& engine, const QString& folder, QObject* parent)
    : QObject(parent), m_engine(engine), m_store(folder) {
    connect(&engine, &EnginePort::loaded, this, &Comparison::onLoaded);
    connect(&engine, &EnginePort::comparisonProgressed, this, [this](int done, int total) {
        m_progress = total > 0 ? static_cast<double>(done) / total : 0;
        emit progressChanged();
    });
    connect(&engine, &EnginePort::measured, this, [this](int, const QByteArray& row) { onMeasured(row); });
    connect(&engine, &EnginePort::comparisonEnded, this, &Comparison::onEnded);
    refreshKept();
}

void Comparison::onLoaded(const ModelInfo& info) {
    m_info = info;
    emit changed();
}

void Comparison::run() {
    ComparisonRequest request;
    request.settings = {m_info.settings};
    if (m_info.backend == QLatin1String("cuda")) {
        request.settings.push_back(m_info.settings);
        request.settings.back().graphs = !m_info.settings.graphs;
    }
    request.cases.push_back({.promptTokens = 512, .repetitions = 3});
    for (const std::uint32_t batch : kBatches)
        request.cases.push_back({.generateTokens = 64, .batch = batch, .repetitions = 3});
    begin(Whole, request);
}

void Comparison::tryOut(int threads, int gpuLayers, bool kvQ8, bool graphs) {
    ComparisonRequest request;
    m_tried = m_info.settings;
    m_tried.kvQ8 = kvQ8;
    if (m_info.backend == QLatin1String("cuda")) {
        m_tried.gpuLayers = gpuLayers;
        m_tried.graphs = graphs;
    } else {
        m_tried.threads = static_cast<quint32>(std::max(0, threads));
    }
    request.settings = {m_info.settings, m_tried};
    request.cases = {{.generateTokens = 64, .depth = 64, .repetitions = 3}};
    m_trialRows.clear();
    m_trial = {};
    begin(Trial, request);
}

void Comparison::useTrial() {
    if (running() || trialAfter() <= 0) return;
    m_trialRows.clear();
    m_trial = {};
    emit settingsChosen(m_tried);
    emit changed();
}

void Comparison::begin(Running what, const ComparisonRequest& request) {
    if (running()) return;
    m_running = what;
    m_progress = 0;
    m_failure.clear();
    m_rows.clear();
    m_engine.compare(request);
    emit progressChanged();
    emit changed();
}

void Comparison::stop() {
    m_engine.stopComparison();
}

void Comparison::onMeasured(const QByteArray& row) {
    if (!running()) return;
    m_rows.append(row);
    QString error;
    BenchSheet sheet = BenchSheet::parse(asArray(m_rows), error);
    if (!error.isEmpty()) return;
    if (m_running == Whole) return setSheet(std::move(sheet), {});
    m_trialRows = sheet.rows;
    if (m_trialRows.size() == 2) m_trial = sideBySide(m_trialRows[0], m_trialRows[1]);
    emit changed();
}

void Comparison::onEnded(const QString& failure) {
    if (!running()) return;
    const bool keep = m_running == Whole && !m_rows.isEmpty();
    m_running = Nothing;
    m_failure = failure;
    if (keep) {
        if (const auto file = m_store.add(m_sheet, asArray(m_rows)))
            m_shownFile = *file;
        else
            m_failure = tr("The result could not be kept: the data folder cannot be written.");
        refreshKept();
    }
    emit changed();
}

void Comparison::open(const QUrl& url) {
    QFile file(url.toLocalFile());
    QString error;
    BenchSheet sheet;
    if (!url.isLocalFile() || !file.open(QIODevice::ReadOnly))
        error = tr("The file cannot be read.");
    else
        sheet = BenchSheet::parse(file.read(16'000'000), error);
    m_failure = error;
    if (error.isEmpty())
        setSheet(std::move(sheet), {});
    else
        emit changed();
}

void Comparison::show(const QString& keptFile) {
    for (MeasurementStore::Entry& entry : m_store.all())
        if (entry.file == keptFile) return setSheet(std::move(entry.sheet), keptFile);
}

void Comparison::remove(const QString& keptFile) {
    m_store.remove(keptFile);
    if (keptFile == m_shownFile) m_shownFile.clear();
    refreshKept();
    emit changed();
}

void Comparison::setSheet(BenchSheet sheet, const QString& file) {
    m_sheet = std::move(sheet);
    m_shownFile = file;
    emit changed();
}

void Comparison::refreshKept() {
    m_kept.clear();
    for (const MeasurementStore::Entry& entry : m_store.all()) {
        const BenchRow& row = entry.sheet.rows.front();
        m_kept.append(QVariantMap{
            {QStringLiteral("file"), entry.file},
            {QStringLiteral("title"), QStringLiteral("%1 · %2").arg(row.name(), row.quantization)},
            {QStringLiteral("detail"), detailOf(entry.sheet).join(QStringLiteral(" · "))}});
    }
}

QString Comparison::title() const {
    if (!hasResult()) return {};
    const BenchRow& row = m_sheet.rows.front();
    return row.quantization.isEmpty() ? row.name()
                                      : QStringLiteral("%1 · %2").arg(row.name(), row.quantization);
}

QStringList Comparison::facts() const {
    if (!hasResult()) return {};
    const BenchRow& row = m_sheet.rows.back();
    QStringList facts{row.device};
    if (onGpu())
        facts << (row.layers > 0 ? tr("%1/%2 layers").arg(row.layersOnGpu).arg(row.layers)
                                 : QStringLiteral("CUDA"));
    else
        facts << tr("%1 threads").arg(row.threads);
    if (!row.kv.isEmpty()) facts << tr("K/V %1").arg(row.kv);
    if (!row.driver.isEmpty()) facts << tr("driver %1").arg(row.driver);
    if (!row.version.isEmpty()) facts << tr("Altiplano %1").arg(row.version);
    if (row.date.isValid()) facts << QLocale().toString(row.date.toLocalTime().date(), QLocale::ShortFormat);
    facts.removeAll(QString());
    return facts;
}

QStringList Comparison::series() const {
    if (m_sheet.hasBothGraphs()) return {tr("graphs"), tr("single launches")};
    return {tr("decode")};
}

QString Comparison::trend() const {
    if (!hasResult()) return {};
    const QDateTime date = m_sheet.rows.front().date;
    for (const MeasurementStore::Entry& entry : m_store.all()) {
        const BenchRow& before = entry.sheet.rows.front();
        const auto change = speedChange(m_sheet, entry.sheet);
        if (entry.file == m_shownFile || !change || !(before.date < date)) continue;
        const QString day = QLocale().toString(before.date.toLocalTime(), QLocale::ShortFormat);
        const QString driver = !before.driver.isEmpty() && before.driver != m_sheet.rows.front().driver
                                   ? tr(" with driver %1").arg(before.driver)
                                   : QString();
        const QString version = !before.version.isEmpty() && before.version != m_sheet.rows.front().version
                                    ? tr(" with version %1").arg(before.version)
                                    : QString();
        const int percent = qRound(std::abs(*change) * 100);
        if (percent == 0) return tr("As fast as on %1%2%3.").arg(day, driver, version);
        return (*change < 0 ? tr("%1 % slower than on %2%3%4.") : tr("%1 % faster than on %2%3%4."))
            .arg(percent)
            .arg(day, driver, version);
    }
    return {};
}

QVariantList Comparison::groups(Metric metric) const {
    std::vector<int> batches;
    for (const BenchRow& row : m_sheet.rows)
        if (row.decodes() && std::find(batches.begin(), batches.end(), row.batch) == batches.end())
            batches.push_back(row.batch);
    std::sort(batches.begin(), batches.end());
    const auto value = [&](int batch, std::optional<bool> graphs) {
        for (const BenchRow& row : m_sheet.rows)
            if (row.decodes() && row.batch == batch && (!graphs || row.graphs == *graphs))
                return valueOf(row, metric);
        return kNotKnown;
    };
    QVariantList groups;
    for (const int batch : batches) {
        const QVariantList values = m_sheet.hasBothGraphs()
                                        ? QVariantList{value(batch, true), value(batch, false)}
                                        : QVariantList{value(batch, {})};
        groups.append(QVariantMap{{QStringLiteral("label"), QLocale().toString(batch)},
                                  {QStringLiteral("values"), values}});
    }
    return groups;
}

QVariantList Comparison::promptAndDecode() const {
    QVariantList bars;
    for (const bool decode : {false, true})
        for (const BenchRow& row : m_sheet.rows) {
            if (row.decodes() != decode || row.batch != 1) continue;
            bars.append(QVariantMap{
                {QStringLiteral("label"), decode ? tr("decode") : tr("prompt of %1").arg(row.promptTokens)},
                {QStringLiteral("values"), QVariantList{row.tokensPerSecond}}});
            break;
        }
    return bars;
}

} // namespace altiplano::app
