#include "models/folder_scan.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>
#include <map>

namespace altiplano::app {

namespace {

constexpr int kDeepest = 12;
constexpr std::size_t kMostFolders = 10'000, kMostFiles = 10'000;

/// NAME-00002-of-00005.gguf as NAME, 00002, 00005.
QRegularExpressionMatch matchPart(const QString& path) {
    static const QRegularExpression part(QStringLiteral("^(.*)-(\\d{5})-of-(\\d{5})\\.gguf$"));
    return part.match(path);
}

/// Files by what they are part of; a whole model is the only part of itself.
class Gatherer {
public:
    void add(const QFileInfo& info) {
        const QString path = info.absoluteFilePath();
        const auto match = matchPart(path);
        const QString whole = match.hasMatch() ? match.captured(1) + '/' + match.captured(3) : path;
        if (!m_seen.contains(path)) m_models[whole].push_back(info);
        m_seen.insert(path);
    }

    std::size_t count() const { return m_models.size(); }

    std::vector<FoundFile> files() const {
        std::vector<FoundFile> files;
        for (const auto& [whole, parts] : m_models) {
            const auto path = [](const QFileInfo& info) { return info.absoluteFilePath(); };
            FoundFile file{path(*std::ranges::min_element(parts, {}, path)), 0, 0,
                           static_cast<int>(parts.size())};
            for (const QFileInfo& info : parts) {
                file.bytes += static_cast<quint64>(info.size());
                file.modified = std::max(file.modified, info.lastModified().toMSecsSinceEpoch());
            }
            files.push_back(std::move(file));
        }
        return files;
    }

private:
    std::map<QString, std::vector<QFileInfo>> m_models;
    QSet<QString> m_seen;
};

bool isModelFile(const QFileInfo& info) {
    return info.isFile() && info.suffix().compare(QLatin1String("gguf"), Qt::CaseInsensitive) == 0;
}

} // namespace

FolderContents findModelFiles(const ModelPlaces& places, const std::stop_token& stop) {
    struct Folder {
        QString path;
        int depth;
    };
    FolderContents found;
    Gatherer gatherer;
    std::vector<Folder> open;
    QSet<QString> seen;
    for (const QString& root : places.folders)
        open.push_back({QDir(root).absolutePath(), 0});
    while (!open.empty() && !stop.stop_requested()) {
        const Folder folder = std::move(open.back());
        open.pop_back();
        if (seen.contains(folder.path) || !QFileInfo(folder.path).isDir()) continue;
        if (found.folders.size() >= static_cast<int>(kMostFolders) || gatherer.count() >= kMostFiles) {
            found.whole = false;
            break;
        }
        seen.insert(folder.path);
        found.folders.append(folder.path);
        const QDir dir(folder.path);
        for (const QFileInfo& info : dir.entryInfoList(QDir::Files | QDir::Dirs | QDir::NoDotAndDotDot)) {
            if (info.isDir() && !info.isSymLink() && folder.depth < kDeepest)
                open.push_back({info.absoluteFilePath(), folder.depth + 1});
            else if (isModelFile(info))
                gatherer.add(info);
        }
    }
    for (const QString& file : places.files)
        if (const QFileInfo info(file); isModelFile(info)) gatherer.add(info);
    found.files = gatherer.files();
    return found;
}

QStringList partsOf(const QString& path) {
    const auto match = matchPart(path);
    if (!match.hasMatch()) return {path};
    QStringList parts;
    for (int i = 1; i <= match.captured(3).toInt(); ++i) {
        const QString part = QStringLiteral("%1-%2-of-%3.gguf")
                                 .arg(match.captured(1))
                                 .arg(i, 5, 10, QLatin1Char('0'))
                                 .arg(match.captured(3));
        if (QFileInfo::exists(part)) parts.append(part);
    }
    return parts;
}

} // namespace altiplano::app
