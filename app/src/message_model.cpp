#include "message_model.h"

#include <QQmlEngine>

#include <utility>

namespace altiplano::app {

void MessageModel::addUserMessage(const QString& text) {
    Message message{User, Complete, text, {}, std::make_unique<BlockModel>()};
    message.blocks->setPlain(text);
    add(std::move(message));
}

void MessageModel::addAnswer() {
    add({Assistant, Waiting, {}, {}, std::make_unique<BlockModel>()});
}

void MessageModel::add(Message message) {
    const int row = rowCount();
    QQmlEngine::setObjectOwnership(message.blocks.get(), QQmlEngine::CppOwnership);
    beginInsertRows({}, row, row);
    m_messages.push_back(std::move(message));
    endInsertRows();
}

void MessageModel::appendText(const QString& text) {
    Message& last = m_messages.back();
    last.text += text;
    last.blocks->append(text);
    if (last.state == Streaming || text.isEmpty()) return;
    last.state = Streaming;
    lastChanged({StateRole});
}

void MessageModel::closeAnswer(State state, const QString& error) {
    Message& last = m_messages.back();
    last.blocks->finish();
    last.state = state;
    last.error = error;
    lastChanged({StateRole, ErrorRole});
}

void MessageModel::lastChanged(const QList<int>& roles) {
    const QModelIndex last = index(rowCount() - 1);
    emit dataChanged(last, last, roles);
}

void MessageModel::removeLast() {
    const int row = rowCount() - 1;
    beginRemoveRows({}, row, row);
    const Message removed = std::move(m_messages.back()); // its blocks outlive the view's delegate
    m_messages.pop_back();
    endRemoveRows();
}

void MessageModel::forgetBefore(int row) {
    if (row <= m_forgotten) return;
    m_forgotten = row;
    emit dataChanged(index(0), index(row - 1), {ForgottenRole});
}

std::vector<MessageModel::Message> MessageModel::takeAll() {
    beginResetModel();
    std::vector<Message> all = std::exchange(m_messages, {});
    m_forgotten = 0;
    endResetModel();
    return all;
}

void MessageModel::restore(std::vector<Message> messages) {
    beginResetModel();
    m_messages = std::move(messages);
    m_forgotten = 0;
    endResetModel();
}

QString MessageModel::text(int row) const {
    return row >= 0 && row < rowCount() ? m_messages[static_cast<std::size_t>(row)].text : QString();
}

int MessageModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_messages.size());
}

QVariant MessageModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
    const Message& message = m_messages[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return message.text;
    case SenderRole:
        return message.sender;
    case BlocksRole:
        return QVariant::fromValue<QAbstractItemModel*>(message.blocks.get());
    case StateRole:
        return message.state;
    case ErrorRole:
        return message.error;
    case ForgottenRole:
        return index.row() < m_forgotten;
    default:
        return {};
    }
}

QHash<int, QByteArray> MessageModel::roleNames() const {
    return {{SenderRole, "sender"},
            {BlocksRole, "blocks"},
            {StateRole, "answerState"},
            {ErrorRole, "error"},
            {ForgottenRole, "forgotten"}};
}

} // namespace altiplano::app
