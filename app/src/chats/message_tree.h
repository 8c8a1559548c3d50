#pragma once

#include "chats/records.h"

#include <unordered_map>
#include <vector>

namespace altiplano::app {

/// The messages of one chat by id, with who follows whom.
class MessageTree {
public:
    MessageTree() = default;
    explicit MessageTree(std::vector<MessageRecord> records);

    /// Puts a message in, or replaces one. A parent that is not there, or is no older, counts as none; that
    /// also keeps damaged or foreign data from making a circle.
    void put(MessageRecord record);

    const MessageRecord* find(MessageId id) const; ///< null: there is none
    MessageRecord* find(MessageId id);
    std::size_t size() const { return m_messages.size(); }

    std::vector<MessageId> pathTo(MessageId leaf) const;        ///< the first message first
    const std::vector<MessageId>& siblings(MessageId id) const; ///< with itself, oldest first
    MessageId
    newestLeaf(MessageId from = 0) const;   ///< following the newest reply each time; 0: the first message
    std::vector<MessageRecord> all() const; ///< in the order of their ids

private:
    std::unordered_map<MessageId, MessageRecord> m_messages;
    std::unordered_map<MessageId, std::vector<MessageId>> m_replies; ///< by parent, in the order of their ids
};

} // namespace altiplano::app
