#include "downloads/model_link.h"

#include <QCoreApplication>
#include <QHostAddress>
#include <QRegularExpression>
#include <QUrlQuery>

namespace altiplano::app {

namespace {

const QString kSuffix = QStringLiteral(".gguf");
constexpr int kMostNameBytes = 200; // file systems take 255, and ".part.json" comes behind
constexpr int kMostParts = 999;

QString translated(const char* text) {
    return QCoreApplication::translate("ModelLink", text);
}

bool isThisComputer(const QUrl& url) {
    return url.host() == QLatin1String("localhost") || QHostAddress(url.host()).isLoopback();
}

bool isHuggingFace(const QUrl& url) {
    return url.host() == QLatin1String("huggingface.co") || url.host() == QLatin1String("hf.co");
}

/// "https://huggingface.co/who/what/blob/main/x.gguf" is a page; with "resolve" it is the file.
QUrl fileInsteadOfPage(QUrl url) {
    static const QRegularExpression page(QStringLiteral("^(/[^/]+/[^/]+)/blob/"));
    if (isHuggingFace(url)) url.setPath(url.path().replace(page, QStringLiteral("\\1/resolve/")));
    return url;
}

QUrl urlOf(const QString& text) {
    QString cleaned = text.trimmed();
    if (cleaned.startsWith(u'<') && cleaned.endsWith(u'>')) cleaned = cleaned.mid(1, cleaned.size() - 2);
    static const QRegularExpression bare(QStringLiteral("^[\\w-]+(\\.[\\w-]+)+/"));
    if (bare.match(cleaned).hasMatch()) cleaned.prepend(QStringLiteral("https://"));
    QUrl url(cleaned);
    url.setFragment({});
    return url;
}

QString problemOf(const QUrl& url) {
    if (!url.isValid() || url.host().isEmpty())
        return translated(QT_TRANSLATE_NOOP(
            "ModelLink", "This is not a link. Paste one that begins with https:// and ends in .gguf."));
    const bool plain = url.scheme() == QLatin1String("http");
    if (plain && !isThisComputer(url))
        return translated(QT_TRANSLATE_NOOP(
            "ModelLink", "Only https links are followed: what comes over http can be changed on its way."));
    if (!plain && url.scheme() != QLatin1String("https"))
        return translated(QT_TRANSLATE_NOOP("ModelLink", "Only https links can be downloaded."));
    if (!url.userInfo().isEmpty())
        return translated(QT_TRANSLATE_NOOP(
            "ModelLink", "This link contains a name or a password. Paste one that works without."));
    if (!fileNameOf(url).isEmpty()) return {};
    if (isHuggingFace(url))
        return translated(QT_TRANSLATE_NOOP(
            "ModelLink",
            "This is a page with several files. Choose one that ends in .gguf there, and copy its link."));
    return translated(
        QT_TRANSLATE_NOOP("ModelLink", "The link must lead to a model file: one that ends in .gguf."));
}

/// All parts, given one of them.
QList<QUrl> partsOf(const QUrl& url) {
    static const QRegularExpression part(QStringLiteral("-(\\d{5})-of-(\\d{5})\\.gguf"));
    const QString text = url.toString(QUrl::FullyEncoded);
    const auto match = part.match(text);
    const int count = match.captured(2).toInt();
    if (!match.hasMatch() || count < 1 || count > kMostParts) return {url};
    QList<QUrl> urls;
    for (int i = 1; i <= count; ++i)
        urls << QUrl(QString(text).replace(match.capturedStart(1), 5,
                                           QStringLiteral("%1").arg(i, 5, 10, QLatin1Char('0'))));
    return urls;
}

} // namespace

ModelLink readModelLink(const QString& text) {
    const QUrl url = fileInsteadOfPage(urlOf(text));
    const QString problem = problemOf(url);
    if (!problem.isEmpty()) return {{}, problem};
    return {partsOf(QUrl(url.toString(QUrl::FullyEncoded))), {}};
}

QString fileNameOf(const QUrl& url) {
    const QString name = safeFileName(url.path(QUrl::FullyDecoded));
    if (!name.isEmpty()) return name;
    for (const auto& [key, value] : QUrlQuery(url).queryItems(QUrl::FullyDecoded))
        if (const QString given = safeFileName(value); !given.isEmpty()) return given;
    return {};
}

QString safeFileName(const QString& name) {
    static const QRegularExpression unfit(QStringLiteral("[:*?\"<>|\\p{C}]"));
    QString safe = name.mid(std::max(name.lastIndexOf(u'/'), name.lastIndexOf(u'\\')) + 1);
    safe = safe.replace(unfit, QStringLiteral("_")).trimmed();
    while (safe.startsWith(u'.'))
        safe.remove(0, 1);
    if (!safe.endsWith(kSuffix, Qt::CaseInsensitive) || safe.size() <= kSuffix.size()) return {};
    QString stem = safe.chopped(kSuffix.size());
    while (stem.toUtf8().size() + kSuffix.size() > kMostNameBytes) {
        stem.chop(1);
        if (stem.back().isHighSurrogate()) stem.chop(1); // no half of a character is left
    }
    return stem + safe.right(kSuffix.size());
}

QUrl pageOf(const QUrl& url) {
    QUrl page = url.adjusted(QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::RemoveUserInfo);
    static const QRegularExpression model(QStringLiteral("^/[^/]+/[^/]+(?=/(resolve|blob)/)"));
    page.setPath(isHuggingFace(url) ? model.match(url.path()).captured() : QString());
    return page;
}

bool mayRedirect(const QUrl& from, const QUrl& to) {
    return to.isValid() && !to.host().isEmpty() &&
           (to.scheme() == QLatin1String("https") ||
            (to.scheme() == QLatin1String("http") && from.scheme() == QLatin1String("http")));
}

} // namespace altiplano::app
