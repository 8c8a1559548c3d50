#pragma once

#include <QColor>
#include <QSyntaxHighlighter>

namespace altiplano::app {

struct CodeLanguage;

/// The colours of code.
struct CodeColors {
    QColor keyword, value, string, comment, number, name;
    bool operator==(const CodeColors&) const = default;
};

/// Colours a document's code line by line: only a line that changed, and those after it whose beginning means
/// something else now, are read again.
class Highlighter : public QSyntaxHighlighter {
public:
    Highlighter(QTextDocument* document, const CodeLanguage& language, const CodeColors& colors)
        : QSyntaxHighlighter(document), m_language(language), m_colors(colors) {}

protected:
    void highlightBlock(const QString& text) override;

private:
    qsizetype quoted(const QString& text, qsizetype at, std::size_t kind, qsizetype from);
    qsizetype word(const QString& text, qsizetype at);
    qsizetype number(const QString& text, qsizetype at);
    bool isKey(const QString& text, qsizetype end) const;
    void color(qsizetype from, qsizetype to, const QColor& color) {
        setFormat(static_cast<int>(from), static_cast<int>(to - from), color);
    }

    const CodeLanguage& m_language; ///< lives as long as the program
    CodeColors m_colors;
    bool m_inTag = false; ///< of markup
};

} // namespace altiplano::app
