#include "message_model.h"

#include <QQmlEngine>

#include <algorithm>
#include <utility>

namespace altiplano::app {

void MessageModel::show(MessageTree tree, MessageId leaf) {
    const auto old = std::exchange(m_blocks, {}); // delegates may hold them until the reset is over
    beginResetModel();
    m_tree = std::move(tree);
    m_path = m_tree.pathTo(m_tree.find(leaf) ? leaf : m_tree.newestLeaf());
    m_forgotten = 0;
    endResetModel();
}

void MessageModel::add(MessageRecord message) {
    const MessageId id = message.id;
    m_tree.put(std::move(message));
    showPath(m_tree.pathTo(id));
}

void MessageModel::setLeaf(MessageId leaf) {
    if (m_tree.find(leaf)) showPath(m_tree.pathTo(leaf));
}

/// Rows that both branches have stay as they are.
void MessageModel::showPath(std::vector<MessageId> path) {
    const auto common = std::mismatch(m_path.begin(), m_path.end(), path.begin(), path.end());
    const int first = static_cast<int>(common.first - m_path.begin());
    if (first < rowCount()) {
        beginRemoveRows({}, first, rowCount() - 1);
        m_path.erase(common.first, m_path.end());
        endRemoveRows();
        m_forgotten = std::min(m_forgotten, first);
    }
    if (common.second == path.end()) return;
    beginInsertRows({}, first, static_cast<int>(path.size()) - 1);
    m_path = std::move(path);
    endInsertRows();
}

void MessageModel::appendText(MessageId id, const QString& text) {
    MessageRecord* message = m_tree.find(id);
    if (!message || text.isEmpty()) return;
    if (const auto blocks = m_blocks.find(id); blocks != m_blocks.end()) blocks->second->append(text);
    message->text += text;
    if (message->state != Waiting) return;
    message->state = Streaming;
    changed(id, {StateRole});
}

void MessageModel::close(MessageId id, State state, const AnswerFigures& figures, const QString& error) {
    MessageRecord* message = m_tree.find(id);
    if (!message) return;
    if (const auto blocks = m_blocks.find(id); blocks != m_blocks.end()) blocks->second->finish();
    message->state = state;
    message->figures = figures;
    message->error = error;
    changed(id, {StateRole, ErrorRole, TokensRole, TokensPerSecondRole, FirstTokenMsRole});
}

void MessageModel::reopen(MessageId id) {
    MessageRecord* message = m_tree.find(id);
    if (!message) return;
    message->state = message->text.isEmpty() ? Waiting : Streaming;
    message->error.clear();
    if (auto finished = m_blocks.extract(id))
        finished.mapped().release()->deleteLater(); // a view has it still
    changed(id, {BlocksRole, StateRole, ErrorRole});
}

void MessageModel::changed(MessageId id, const QList<int>& roles) {
    if (const int row = rowOf(id); row >= 0) emit dataChanged(index(row), index(row), roles);
}

void MessageModel::forgetBefore(int row) {
    if (row <= m_forgotten || row > rowCount()) return;
    m_forgotten = row;
    emit dataChanged(index(0), index(row - 1), {ForgottenRole});
}

const MessageRecord& MessageModel::at(int row) const {
    return *m_tree.find(m_path[static_cast<std::size_t>(row)]);
}

int MessageModel::rowOf(MessageId id) const {
    const auto found = std::find(m_path.rbegin(), m_path.rend(), id); // it is the last one, nearly always
    return static_cast<int>(m_path.rend() - found) - 1;
}

QString MessageModel::text(int row) const {
    return row >= 0 && row < rowCount() ? at(row).text : QString();
}

bool MessageModel::isQuestion(int row) const {
    return row >= 0 && row < rowCount() && at(row).sender == User;
}

QString MessageModel::question(int back) const {
    for (int row = rowCount() - 1; row >= 0; --row)
        if (at(row).sender == User && back-- == 0) return at(row).text;
    return {};
}

BlockModel* MessageModel::blocksOf(const MessageRecord& message) const {
    std::unique_ptr<BlockModel>& blocks = m_blocks[message.id];
    if (blocks) return blocks.get();
    blocks = std::make_unique<BlockModel>();
    QQmlEngine::setObjectOwnership(blocks.get(), QQmlEngine::CppOwnership);
    if (message.sender == User) {
        blocks->setPlain(message.text);
    } else {
        blocks->append(message.text);
        if (message.state >= Complete) blocks->finish();
    }
    return blocks.get();
}

int MessageModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_path.size());
}

QVariant MessageModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const MessageRecord& message = at(index.row());
    const auto& siblings = m_tree.siblings(message.id);
    switch (role) {
    case Qt::DisplayRole:
        return message.text;
    case SenderRole:
        return message.sender;
    case BlocksRole:
        return QVariant::fromValue<QAbstractItemModel*>(blocksOf(message));
    case StateRole:
        return message.state;
    case ErrorRole:
        return message.error;
    case ForgottenRole:
        return index.row() < m_forgotten;
    case BranchRole:
        return static_cast<int>(std::find(siblings.begin(), siblings.end(), message.id) - siblings.begin());
    case BranchCountRole:
        return static_cast<int>(siblings.size());
    case TokensRole:
        return message.figures.tokens;
    case TokensPerSecondRole:
        return message.figures.tokensPerSecond();
    case FirstTokenMsRole:
        return static_cast<double>(message.figures.firstTokenNs) / 1e6;
    case ModelRole:
        return message.model;
    case IdRole:
        return message.id;
    default:
        return {};
    }
}

QHash<int, QByteArray> MessageModel::roleNames() const {
    return {{SenderRole, "sender"},
            {BlocksRole, "blocks"},
            {StateRole, "answerState"},
            {ErrorRole, "error"},
            {ForgottenRole, "forgotten"},
            {BranchRole, "branchIndex"},
            {BranchCountRole, "branchCount"},
            {TokensRole, "tokens"},
            {TokensPerSecondRole, "tokensPerSecond"},
            {FirstTokenMsRole, "firstTokenMs"},
            {ModelRole, "answeredBy"},
            {IdRole, "messageId"}};
}

} // namespace altiplano::app
