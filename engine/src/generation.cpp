#include "engine/generation.h"

namespace altiplano::engine {

std::string_view finishReasonName(FinishReason reason) {
    switch (reason) {
    case FinishReason::EndOfTurn:
    case FinishReason::StopString:
        return "stop";
    case FinishReason::Length:
        return "length";
    case FinishReason::ContextFull:
        return "context";
    case FinishReason::Stopped:
        return "cancelled";
    }
    return "";
}

} // namespace altiplano::engine
