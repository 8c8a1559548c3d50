#include "text_selection.h"

#include "block_model.h"
#include "transcript_model.h"

#include <limits>

namespace altiplano::app {

void TextSelection::setRows(QAbstractItemModel* rows) {
    if (rows == m_rows) return;
    clear();
    if (m_rows) m_rows->disconnect(this);
    m_rows = rows;
    if (!rows) return;
    connect(rows, &QAbstractItemModel::modelAboutToBeReset, this, &TextSelection::clear);
    connect(rows, &QAbstractItemModel::rowsAboutToBeRemoved, this,
            [this](const QModelIndex&, int first, int last) {
                for (const Place& end : {m_anchor, m_head})
                    if (end.row.isValid() && end.row.row() >= first && end.row.row() <= last) return clear();
            });
}

bool TextSelection::before(const Place& a, const Place& b) {
    return a.row.row() != b.row.row() ? a.row.row() < b.row.row() : a.position < b.position;
}

bool TextSelection::empty() const {
    return !m_anchor.row.isValid() || !m_head.row.isValid() ||
           (m_anchor.row == m_head.row && m_anchor.position == m_head.position);
}

void TextSelection::begin(int row, int position) {
    if (!m_rows) return;
    m_anchor = m_head = {m_rows->index(row, 0), position};
    emit changed();
}

void TextSelection::extend(int row, int position) {
    if (!m_rows || !m_anchor.row.isValid()) return;
    if (m_head.row.row() == row && m_head.position == position) return;
    m_head = {m_rows->index(row, 0), position};
    emit changed();
}

void TextSelection::selectRows(int first, int last) {
    begin(first, 0);
    extend(last, std::numeric_limits<int>::max());
}

void TextSelection::clear() {
    if (!m_anchor.row.isValid()) return;
    m_anchor = m_head = {};
    emit changed();
}

QPoint TextSelection::within(int row, int length) const {
    if (empty()) return {};
    const bool forward = before(m_anchor, m_head);
    const Place& first = forward ? m_anchor : m_head;
    const Place& last = forward ? m_head : m_anchor;
    if (row < first.row.row() || row > last.row.row()) return {};
    return {row == first.row.row() ? std::min(first.position, length) : 0,
            row == last.row.row() ? std::min(last.position, length) : length};
}

QString TextSelection::text() const {
    if (empty()) return {};
    const int one = m_anchor.row.row(), other = m_head.row.row();
    QString all;
    for (int row = std::min(one, other); row <= std::max(one, other); ++row) {
        const QModelIndex index = m_rows->index(row, 0);
        QString text = index.data(BlockModel::TextRole).toString();
        const QPoint part = within(row, static_cast<int>(text.size()));
        text = text.mid(part.x(), part.y() - part.x());
        if (text.isEmpty()) continue;
        const QString marker = index.data(BlockModel::MarkerRole).toString();
        const auto depth = index.data(BlockModel::NestingRole).toString().count(u'l');
        if (!marker.isEmpty() && part.x() == 0) text.prepend(marker + u' ');
        if (!all.isEmpty()) {
            all += index.data(BlockModel::TightRole).toBool() ? QStringLiteral("\n") : QStringLiteral("\n\n");
            if (depth > 1) all += QString((depth - 1) * 2, u' ');
        }
        all += text;
    }
    return all;
}

} // namespace altiplano::app
