#pragma once

#include <QString>
#include <QtQml/qqmlregistration.h>

#include <vector>

namespace altiplano::app {

/// What a block of a message is. Reasoning is the line that folds what the model thought before it
/// answered; File is a text file that the user attached.
namespace BlockKind {
Q_NAMESPACE
QML_ELEMENT
enum Value { Paragraph, Heading, Code, Table, Math, Rule, Reasoning, File };
Q_ENUM_NS(Value)
} // namespace BlockKind

/// Nothing but words: such blocks differ in their look only.
constexpr bool isWords(BlockKind::Value kind) {
    return kind == BlockKind::Paragraph || kind == BlockKind::Heading || kind == BlockKind::Math;
}

/// How a span of text looks; combined.
enum TextStyle : quint8 { Emphasis = 1, Strong = 2, Strike = 4, InlineCode = 8, InlineMath = 16 };

/// A part of a text that does not look plain. Spans are in order and do not overlap.
struct Span {
    int start = 0;
    int length = 0;
    quint8 styles = 0; ///< TextStyle
    QString link;      ///< where it leads; only ever http, https or mailto
    bool operator==(const Span&) const = default;
};

struct StyledText {
    QString text; ///< a line break within it is QChar::LineSeparator, but in code, where it is '\n'
    std::vector<Span> spans;
    bool operator==(const StyledText&) const = default;
};

struct TableContent {
    std::vector<Qt::Alignment> columns;
    std::vector<std::vector<StyledText>> rows; ///< each as long as columns; the first is the header
    bool operator==(const TableContent&) const = default;
};

/// One piece of a message as it stands on the page. Containers are flat: a block says in what it is nested.
struct Block {
    BlockKind::Value kind = BlockKind::Paragraph;
    int level = 0;    ///< 1 to 6, of a heading
    QString language; ///< of code, as written; may be empty; a file's name
    QString nesting;  ///< the lists ('l') and quotes ('q') around it, outermost first
    QString marker;   ///< of the list item that begins here: "•", "3.", "☑"
    StyledText words;
    TableContent table;
    bool operator==(const Block&) const = default;

    /// What copying gives: the text, a table's cells between tabs.
    QString plainText() const;
};

} // namespace altiplano::app
