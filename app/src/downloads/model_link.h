#pragma once

#include <QList>
#include <QString>
#include <QUrl>

namespace altiplano::app {

/// What a pasted link leads to: the file, or all files of a split model.
struct ModelLink {
    QList<QUrl> urls; ///< one for each file; empty: see `problem`
    QString problem;  ///< a sentence: why there is nothing to fetch

    bool isEmpty() const { return urls.isEmpty(); }
};

/// Understands https links (http only to this computer itself) that end in .gguf, in their path or their
/// query; pages of Hugging Face that show a file are turned into the file's link. A link to one part of a
/// split model ("-00002-of-00003.gguf") stands for all parts.
ModelLink readModelLink(const QString& text);

/// The name under which a file of this link is kept, such as "model.Q4_0.gguf"; empty: the link has none.
QString fileNameOf(const QUrl& url);

/// A name from elsewhere as one that stays inside its folder: no separators, control characters or leading
/// dots, at most 200 bytes. Empty where nothing of a .gguf file's name is left.
QString safeFileName(const QString& name);

/// The page where a person can read about the file: the model's on Hugging Face, elsewhere the server's.
QUrl pageOf(const QUrl& url);

/// Whether a redirect may be followed: never from https to anything else.
bool mayRedirect(const QUrl& from, const QUrl& to);

} // namespace altiplano::app
