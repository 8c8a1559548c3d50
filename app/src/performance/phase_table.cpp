#include "phase_table.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace altiplano::app {

void PhaseTable::setRuns(const Breakdown& sum, double tokens, const Breakdown& last, double lastTokens) {
    std::vector<Row> rows;
    const auto wall = static_cast<double>(sum.wallNs());
    for (std::size_t i = 0; i < kPhases && tokens > 0 && wall > 0; ++i) {
        const auto now = static_cast<double>(sum.ns[i]), before = static_cast<double>(last.ns[i]);
        if (now <= 0 && before <= 0) continue;
        const double change = lastTokens > 0 && before > 0 ? now / tokens / (before / lastTokens) - 1
                                                           : std::numeric_limits<double>::quiet_NaN();
        rows.push_back({static_cast<Phase>(i), now / tokens, now / wall, change});
    }
    const bool same = std::equal(rows.begin(), rows.end(), m_rows.begin(), m_rows.end(),
                                 [](const Row& a, const Row& b) { return a.phase == b.phase; });
    if (same) {
        m_rows = std::move(rows);
        if (!m_rows.empty())
            emit dataChanged(index(0), index(rowCount() - 1), {NsRole, ShareRole, ChangeRole});
        return;
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

QVariantList PhaseTable::column(Role role) const {
    QVariantList values;
    for (int i = 0; i < rowCount(); ++i)
        values.append(data(index(i), role));
    return values;
}

int PhaseTable::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant PhaseTable::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Row& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case PhaseRole:
        return static_cast<int>(row.phase);
    case TitleRole:
        return phaseTitle(row.phase);
    case SentenceRole:
        return phaseSentence(row.phase);
    case NsRole:
        return row.ns;
    case ShareRole:
        return row.share;
    case ChangeRole:
        return row.change;
    default:
        return {};
    }
}

QHash<int, QByteArray> PhaseTable::roleNames() const {
    return {{PhaseRole, "phase"}, {TitleRole, "title"}, {SentenceRole, "sentence"},
            {NsRole, "ns"},       {ShareRole, "share"}, {ChangeRole, "change"}};
}

} // namespace altiplano::app
