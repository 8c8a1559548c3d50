#include "models/model_file_list.h"

#include "failure_words.h"

#include <algorithm>

namespace altiplano::app {

void ModelFileList::put(const std::vector<ModelFacts>& some) {
    QHash<QString, int> rows;
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        rows.insert(m_rows[i].file.path, static_cast<int>(i));
    std::vector<ModelFacts> added;
    for (const ModelFacts& facts : some) {
        const int row = rows.value(facts.file.path, -1);
        if (row < 0) {
            added.push_back(facts);
        } else if (ModelFacts& known = m_rows[static_cast<std::size_t>(row)]; known != facts) {
            known = facts;
            emit dataChanged(index(row), index(row));
        }
    }
    if (added.empty()) return;
    const int first = rowCount();
    beginInsertRows({}, first, first + static_cast<int>(added.size()) - 1);
    m_rows.insert(m_rows.end(), added.begin(), added.end());
    endInsertRows();
}

void ModelFileList::keepOnly(const QSet<QString>& paths) {
    for (int row = rowCount() - 1; row >= 0; --row)
        if (!paths.contains(at(row).file.path)) removeRow(row);
}

void ModelFileList::remove(const QString& path) {
    if (const int row = rowOf(path); row >= 0) removeRow(row);
}

void ModelFileList::removeRow(int row) {
    beginRemoveRows({}, row, row);
    m_rows.erase(m_rows.begin() + row);
    endRemoveRows();
}

int ModelFileList::rowOf(const QString& path) const {
    const auto found =
        std::ranges::find(m_rows, path, [](const ModelFacts& facts) { return facts.file.path; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

QModelIndex ModelFileList::indexOf(const QString& path) const {
    const int row = rowOf(path);
    return row < 0 ? QModelIndex() : index(row);
}

const ModelFacts* ModelFileList::find(const QString& path) const {
    const int row = rowOf(path);
    return row < 0 ? nullptr : &at(row);
}

int ModelFileList::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant ModelFileList::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const ModelFacts& facts = at(index.row());
    switch (role) {
    case PathRole:
        return facts.file.path;
    case NameRole:
        return facts.name;
    case TitleRole:
        return facts.title;
    case ArchitectureRole:
        return facts.architecture;
    case QuantizationRole:
        return facts.quantization;
    case LicenseRole:
        return facts.license;
    case ParametersRole:
        return static_cast<double>(facts.parameters);
    case BytesRole:
        return static_cast<double>(facts.file.bytes);
    case ModifiedRole:
        return facts.file.modified;
    case PartsRole:
        return facts.file.parts;
    case ContextTokensRole:
        return facts.contextTokens;
    case LayersRole:
        return facts.layers;
    case ProblemRole:
        return facts.problem.isEmpty() ? QString()
                                       : FailureWords::of(facts.problemCode, facts.problem).text();
    default:
        return {};
    }
}

QHash<int, QByteArray> ModelFileList::roleNames() const {
    return {{PathRole, "path"},
            {NameRole, "name"},
            {TitleRole, "title"},
            {ArchitectureRole, "architecture"},
            {QuantizationRole, "quantization"},
            {LicenseRole, "license"},
            {ParametersRole, "parameters"},
            {BytesRole, "bytes"},
            {ModifiedRole, "modified"},
            {PartsRole, "parts"},
            {ContextTokensRole, "contextTokens"},
            {LayersRole, "layers"},
            {ProblemRole, "problem"}};
}

} // namespace altiplano::app
