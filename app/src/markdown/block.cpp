#include "block.h"

#include <QStringList>

namespace altiplano::app {

namespace {

QString withLineBreaks(QString text) {
    return text.replace(QChar::LineSeparator, u'\n');
}

} // namespace

QString Block::plainText() const {
    if (kind != BlockKind::Table) return withLineBreaks(words.text);
    QStringList lines;
    for (const std::vector<StyledText>& row : table.rows) {
        QStringList cells;
        for (const StyledText& cell : row)
            cells << cell.text;
        lines << cells.join(u'\t');
    }
    return withLineBreaks(lines.join(u'\n'));
}

} // namespace altiplano::app
