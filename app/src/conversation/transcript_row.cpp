#include "transcript_row.h"

#include "message_model.h"

#include <QQuickWindow>
#include <utility>
#include <vector>

namespace altiplano::app {

namespace {

constexpr int ofMessage(int role) {
    return TranscriptModel::MessageRoles + role - Qt::UserRole;
}

} // namespace

void TranscriptRow::setRows(TranscriptModel* rows) {
    if (rows == m_rows) return;
    if (m_rows) m_rows->disconnect(this);
    m_rows = rows;
    emit rowsChanged();
    if (!rows) return;
    connect(rows, &QAbstractItemModel::dataChanged, this,
            [this](const QModelIndex& top, const QModelIndex& bottom, const QList<int>& roles) {
                if (m_following && m_index >= top.row() && m_index <= bottom.row()) take(roles);
            });
    connect(rows, &QAbstractItemModel::rowsInserted, this, &TranscriptRow::growingMayHaveChanged);
    connect(rows, &QAbstractItemModel::rowsRemoved, this, &TranscriptRow::growingMayHaveChanged);
    if (m_following) take({});
}

/// The last block of an answer under way, or the foot below it.
bool TranscriptRow::isGrowing() const {
    return m_last && m_answerState == MessageModel::Streaming && m_index >= m_rows->rowCount() - 2;
}

void TranscriptRow::growingMayHaveChanged() {
    if (!m_following || m_growing == isGrowing()) return;
    m_growing = !m_growing;
    emit growingChanged();
}

void TranscriptRow::setIndex(int index) {
    if (index == m_index) return;
    m_index = index;
    if (m_following) take({});
    emit indexChanged();
}

void TranscriptRow::rest() {
    m_following = false;
    QQuickItem* focused = window() ? window()->activeFocusItem() : nullptr;
    if (!focused || !isAncestorOf(focused)) return;
    for (QQuickItem* item = focused; item != this; item = item->parentItem())
        item->setFocus(false);
}

void TranscriptRow::reuse() {
    m_following = true;
    take({});
}

/// The values of these roles, or (none) of all. Whoever hears that one of them changed finds all of them new.
void TranscriptRow::take(const QList<int>& roles) {
    if (!m_rows || m_index < 0 || m_index >= m_rows->rowCount()) return;
    const QModelIndex at = m_rows->QAbstractListModel::index(m_index);
    std::vector<void (TranscriptRow::*)()> changed;
    const auto takeInto = [&](auto& member, int role, void (TranscriptRow::*signal)()) {
        if (!roles.isEmpty() && !roles.contains(role)) return;
        auto value = at.data(role).value<std::remove_reference_t<decltype(member)>>();
        if (value == member) return;
        member = std::move(value);
        changed.push_back(signal);
    };
    takeInto(m_message, TranscriptModel::MessageRole, &TranscriptRow::messageChanged);
    takeInto(m_foot, TranscriptModel::FootRole, &TranscriptRow::footChanged);
    takeInto(m_first, TranscriptModel::FirstRole, &TranscriptRow::firstChanged);
    takeInto(m_last, TranscriptModel::LastMessageRole, &TranscriptRow::lastChanged);
    takeInto(m_kind, BlockModel::KindRole, &TranscriptRow::kindChanged);
    takeInto(m_language, BlockModel::LanguageRole, &TranscriptRow::languageChanged);
    takeInto(m_level, BlockModel::LevelRole, &TranscriptRow::levelChanged);
    takeInto(m_nesting, BlockModel::NestingRole, &TranscriptRow::nestingChanged);
    takeInto(m_marker, BlockModel::MarkerRole, &TranscriptRow::markerChanged);
    takeInto(m_tight, BlockModel::TightRole, &TranscriptRow::tightChanged);
    takeInto(m_thought, BlockModel::ThoughtRole, &TranscriptRow::thoughtChanged);
    takeInto(m_unfolded, BlockModel::UnfoldedRole, &TranscriptRow::unfoldedChanged);
    takeInto(m_thinking, BlockModel::ThinkingRole, &TranscriptRow::thinkingChanged);
    takeInto(m_seconds, BlockModel::SecondsRole, &TranscriptRow::secondsChanged);
    takeInto(m_sender, ofMessage(MessageModel::SenderRole), &TranscriptRow::senderChanged);
    takeInto(m_answerState, ofMessage(MessageModel::StateRole), &TranscriptRow::answerStateChanged);
    takeInto(m_error, ofMessage(MessageModel::ErrorRole), &TranscriptRow::errorChanged);
    takeInto(m_branchIndex, ofMessage(MessageModel::BranchRole), &TranscriptRow::branchIndexChanged);
    takeInto(m_branchCount, ofMessage(MessageModel::BranchCountRole), &TranscriptRow::branchCountChanged);
    takeInto(m_tokens, ofMessage(MessageModel::TokensRole), &TranscriptRow::tokensChanged);
    takeInto(m_tokensPerSecond, ofMessage(MessageModel::TokensPerSecondRole),
             &TranscriptRow::tokensPerSecondChanged);
    takeInto(m_firstTokenMs, ofMessage(MessageModel::FirstTokenMsRole), &TranscriptRow::firstTokenMsChanged);
    takeInto(m_forgotten, ofMessage(MessageModel::ForgottenRole), &TranscriptRow::forgottenChanged);
    // Last, so that words are laid out once they have their place.
    takeInto(m_text, BlockModel::TextRole, &TranscriptRow::textChanged);
    takeInto(m_content, BlockModel::ContentRole, &TranscriptRow::contentChanged);
    if (std::exchange(m_growing, isGrowing()) != m_growing) changed.push_back(&TranscriptRow::growingChanged);
    for (const auto signal : changed)
        emit(this->*signal)();
}

} // namespace altiplano::app
