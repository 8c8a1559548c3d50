#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace altiplano::app {

/// "bytes 100-199/200"
struct ContentRange {
    qint64 first = 0;
    qint64 total = -1; ///< -1: "*"
};

std::optional<ContentRange> readContentRange(const QByteArray& header);

/// The file name of a Content-Disposition, the one in UTF-8 if it has both; as it is, so not to be trusted.
QString dispositionFileName(const QByteArray& header);

/// The SHA-256 that Hugging Face tells as X-Linked-ETag, as 64 lowercase digits; empty: it is something else.
QByteArray sha256FromETag(const QByteArray& header);

/// Whether an ETag names these very bytes, so that it may stand in If-Range.
bool isStrongETag(const QByteArray& header);

} // namespace altiplano::app
