#include "downloads/http_headers.h"

#include <QRegularExpression>

namespace altiplano::app {

std::optional<ContentRange> readContentRange(const QByteArray& header) {
    static const QRegularExpression form(
        QStringLiteral("^\\s*bytes\\s+(\\d{1,18})-\\d{1,18}/(\\d{1,18}|\\*)\\s*$"),
        QRegularExpression::CaseInsensitiveOption);
    const auto match = form.match(QString::fromLatin1(header));
    if (!match.hasMatch()) return std::nullopt;
    const bool known = match.captured(2) != QLatin1String("*");
    return ContentRange{match.captured(1).toLongLong(), known ? match.captured(2).toLongLong() : -1};
}

QString dispositionFileName(const QByteArray& header) {
    static const QRegularExpression extended(
        QStringLiteral(";\\s*filename\\*\\s*=\\s*UTF-8'[^']*'([^;\\s]+)"),
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression plain(
        QStringLiteral(";\\s*filename\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^;\\s]+))"),
        QRegularExpression::CaseInsensitiveOption);
    const QString text = QString::fromUtf8(header);
    if (const auto match = extended.match(text); match.hasMatch())
        return QString::fromUtf8(QByteArray::fromPercentEncoding(match.captured(1).toLatin1()));
    const auto match = plain.match(text);
    return match.captured(match.capturedStart(1) >= 0 ? 1 : 2);
}

QByteArray sha256FromETag(const QByteArray& header) {
    static const QRegularExpression form(QStringLiteral("^\"?([0-9a-f]{64})\"?$"),
                                         QRegularExpression::CaseInsensitiveOption);
    return form.match(QString::fromLatin1(header.trimmed())).captured(1).toLower().toLatin1();
}

bool isStrongETag(const QByteArray& header) {
    return header.size() >= 2 && header.startsWith('"') && header.endsWith('"');
}

} // namespace altiplano::app
