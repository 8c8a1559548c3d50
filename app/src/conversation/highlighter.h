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
    /// `before`: the state in which the first line begins, see stateAfter.
    Highlighter(QTextDocument* document, const CodeLanguage& language, const CodeColors& colors,
                int before = 0)
        : QSyntaxHighlighter(document), m_language(language), m_colors(colors), m_before(before) {}

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
    int m_before = 0;
    bool m_inTag = false; ///< of markup
};

/// What goes on after the code into the next line, such as a comment, where `before` went on into the first;
/// 0: nothing.
int stateAfter(const QString& code, const CodeLanguage& language, int before);

} // namespace altiplano::app
