#include "models/model_facts.h"

#include "engine/gguf_file.h"
#include "engine/model_summary.h"

#include <QFileInfo>
#include <QRegularExpression>

#include <new>

namespace altiplano::app {

QString modelDisplayName(const QString& path, const QString& quantization) {
    static const QRegularExpression part(QStringLiteral("-\\d{5}-of-\\d{5}$"));
    QString name = QFileInfo(path).completeBaseName().remove(part);
    if (!quantization.isEmpty() && name.endsWith(quantization, Qt::CaseInsensitive)) {
        const QString rest = name.chopped(quantization.size());
        if (rest.size() > 1 && QStringLiteral(".-_").contains(rest.back())) name = rest.chopped(1);
    }
    return name;
}

QString withoutFileName(const QString& sentence, const QString& path) {
    QString rest = sentence;
    for (const QString& name : {path, QFileInfo(path).fileName()})
        if (rest.startsWith(name + QStringLiteral(": "))) rest = rest.mid(name.size() + 2);
    if (!rest.isEmpty()) rest[0] = rest[0].toUpper();
    return rest;
}

ModelFacts readModelFacts(const FoundFile& file) {
    ModelFacts facts;
    facts.file = file;
    try {
        const auto summary = engine::ModelSummary::ofAny(
            engine::GgufFile::open(std::filesystem::path(file.path.toStdString())));
        facts.title = QString::fromStdString(summary.name);
        facts.architecture = QString::fromStdString(summary.architecture);
        facts.quantization = QString::fromStdString(summary.quantization);
        facts.license = QString::fromStdString(summary.license);
        facts.parameters = summary.parameters;
        facts.layers = summary.layers;
        facts.contextTokens = summary.contextLength;
        facts.problem = QString::fromStdString(summary.refusal);
    } catch (const engine::Error& error) {
        facts.problem = QString::fromUtf8(error.what());
        facts.problemCode = error.code();
    } catch (const std::exception& error) { // no memory for a monstrous header
        facts.problem = QString::fromUtf8(error.what());
        facts.problemCode = engine::ErrorCode::BadFile;
    }
    facts.problem = withoutFileName(facts.problem, file.path);
    facts.name = modelDisplayName(file.path, facts.quantization);
    return facts;
}

} // namespace altiplano::app
