#include "answer_request.h"

namespace altiplano::app {

AskedMessages messagesUpTo(const MessageTree& tree, MessageId last) {
    AskedMessages asked;
    for (const MessageId id : tree.pathTo(last)) {
        const MessageRecord& said = *tree.find(id);
        if (said.text.isEmpty()) continue;
        const std::string role = said.sender == turn::User ? "user" : "assistant";
        if (asked.turns.empty() || asked.turns.back().role != role) {
            asked.turns.push_back({role, said.text.toStdString()});
            asked.lastIds.push_back(id);
        } else {
            asked.turns.back().content += "\n\n" + said.text.toStdString();
            asked.lastIds.back() = id;
        }
    }
    return asked;
}

turn::State stateAfter(engine::FinishReason reason) {
    switch (reason) {
    case engine::FinishReason::Stopped:
        return turn::Stopped;
    case engine::FinishReason::ContextFull:
        return turn::Full;
    case engine::FinishReason::Length:
        return turn::Cut;
    default:
        return turn::Complete;
    }
}

AnswerFigures figuresOf(const AnswerFigures& before, const AnswerUpdate& update) {
    AnswerFigures figures;
    figures.tokens = before.tokens + static_cast<qint32>(update.tokens);
    figures.firstTokenNs = before.tokens ? before.firstTokenNs : update.firstTokenNs;
    figures.decodeNs = before.decodeNs + update.decodeNs;
    figures.contextUsed = static_cast<qint32>(update.contextUsed);
    return figures;
}

} // namespace altiplano::app
