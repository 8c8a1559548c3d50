#include "open_answers.h"

#include <algorithm>
#include <utility>

namespace altiplano::app {

OpenAnswer* OpenAnswers::to(RequestId id) {
    const auto found = std::find_if(m_all.begin(), m_all.end(), [&](const OpenAnswer& answer) {
        return id != 0 && answer.request == id;
    });
    return found == m_all.end() ? nullptr : &*found;
}

OpenAnswer* OpenAnswers::in(ChatId chat) {
    const auto found = std::find_if(m_all.begin(), m_all.end(),
                                    [&](const OpenAnswer& answer) { return answer.message.chat == chat; });
    return found == m_all.end() ? nullptr : &*found;
}

OpenAnswer* OpenAnswers::notSubmitted() {
    const auto found = std::find_if(m_all.begin(), m_all.end(),
                                    [](const OpenAnswer& answer) { return answer.request == 0; });
    return found == m_all.end() ? nullptr : &*found;
}

MessageRecord OpenAnswers::take(OpenAnswer& answer) {
    MessageRecord message = std::move(answer.message);
    std::erase_if(m_all, [&](const OpenAnswer& one) { return &one == &answer; });
    return message;
}

std::vector<MessageRecord> OpenAnswers::takeFresh() {
    std::vector<MessageRecord> messages;
    for (OpenAnswer& answer : m_all)
        if (std::exchange(answer.fresh, false) || answer.message.state == turn::Stopped)
            messages.push_back(answer.message);
    return messages;
}

} // namespace altiplano::app
