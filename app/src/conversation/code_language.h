#pragma once

#include <QSet>
#include <QString>
#include <QStringList>

#include <vector>

namespace altiplano::app {

/// What a highlighter needs to know of a language: its words and its marks. Data only.
struct CodeLanguage {
    /// Text between two marks that may hold anything, such as a string or a comment.
    struct Quoted {
        QString open, close;
        bool comment = false;
        bool spansLines = false;
        bool escapes = true; ///< a backslash takes the next character along
    };

    QStringList names; ///< as they stand after a fence, lower case; the first is the usual one
    QSet<QString> keywords;
    QSet<QString> values; ///< true, null, and types that are built in
    QStringList lineComments;
    std::vector<Quoted> quoted; ///< longer marks first
    QString sigils;             ///< characters that begin a name, such as '$' or '@'
    bool ignoresCase = false;
    bool markup = false; ///< tags: HTML, XML
    bool keys = false;   ///< a string or name before a colon is a key: JSON, CSS, YAML
};

/// Null: the language is not known. Any case; also by a file's ending ("py", "rs").
const CodeLanguage* codeLanguage(const QString& name);

} // namespace altiplano::app
