#pragma once

#include "chats/records.h"
#include "engine_port.h"

#include <vector>

namespace altiplano::app {

/// An answer that is under way, or waits for the store or the model.
struct OpenAnswer {
    MessageRecord message; ///< as far as it came
    AnswerFigures before;  ///< of what was there when it was continued
    engine::GenerationRequest asked;
    std::vector<MessageId> lastIds; ///< of each message in `asked`: the newest it holds
    RequestId request = 0;          ///< 0: not submitted yet
    bool stored = false;            ///< the prompt is
    bool fresh = false;             ///< something of it is not stored
};

/// Those of all chats, one of a chat at most.
class OpenAnswers {
public:
    OpenAnswer* to(RequestId id); ///< null: none; valid until the next change
    OpenAnswer* in(ChatId chat);
    const OpenAnswer* in(ChatId chat) const { return const_cast<OpenAnswers*>(this)->in(chat); }
    OpenAnswer* notSubmitted(); ///< one of them; null: none
    bool empty() const { return m_all.empty(); }
    auto begin() { return m_all.begin(); }
    auto end() { return m_all.end(); }

    void add(OpenAnswer answer) { m_all.push_back(std::move(answer)); }
    MessageRecord take(OpenAnswer& answer); ///< it is over
    std::vector<MessageRecord> takeFresh(); ///< what is to be stored

private:
    std::vector<OpenAnswer> m_all;
};

} // namespace altiplano::app
