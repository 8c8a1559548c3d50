#include "chats/message_tree.h"

#include <algorithm>

namespace altiplano::app {

MessageTree::MessageTree(std::vector<MessageRecord> records) {
    std::sort(records.begin(), records.end(),
              [](const MessageRecord& a, const MessageRecord& b) { return a.id < b.id; });
    for (MessageRecord& record : records)
        put(std::move(record));
}

void MessageTree::put(MessageRecord record) {
    if (MessageRecord* known = find(record.id)) {
        record.parent = known->parent;
        *known = std::move(record);
        return;
    }
    if (record.parent >= record.id || !find(record.parent)) record.parent = 0;
    std::vector<MessageId>& siblings = m_replies[record.parent];
    siblings.insert(std::upper_bound(siblings.begin(), siblings.end(), record.id), record.id);
    m_messages.emplace(record.id, std::move(record));
}

const MessageRecord* MessageTree::find(MessageId id) const {
    const auto found = m_messages.find(id);
    return found == m_messages.end() ? nullptr : &found->second;
}

MessageRecord* MessageTree::find(MessageId id) {
    const auto found = m_messages.find(id);
    return found == m_messages.end() ? nullptr : &found->second;
}

std::vector<MessageId> MessageTree::pathTo(MessageId leaf) const {
    std::vector<MessageId> path;
    for (const MessageRecord* message = find(leaf); message; message = find(message->parent))
        path.push_back(message->id);
    std::reverse(path.begin(), path.end());
    return path;
}

const std::vector<MessageId>& MessageTree::siblings(MessageId id) const {
    static const std::vector<MessageId> none;
    const MessageRecord* message = find(id);
    return message ? m_replies.at(message->parent) : none;
}

MessageId MessageTree::newestLeaf(MessageId from) const {
    for (auto replies = m_replies.find(from); replies != m_replies.end(); replies = m_replies.find(from))
        from = replies->second.back();
    return from;
}

std::vector<MessageRecord> MessageTree::all() const {
    std::vector<MessageRecord> records;
    for (const auto& [id, message] : m_messages)
        records.push_back(message);
    std::sort(records.begin(), records.end(),
              [](const MessageRecord& a, const MessageRecord& b) { return a.id < b.id; });
    return records;
}

} // namespace altiplano::app
