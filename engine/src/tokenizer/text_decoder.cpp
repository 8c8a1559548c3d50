#include "engine/text_decoder.h"

#include "tokenizer/utf8.h"

#include <algorithm>
#include <utility>

namespace altiplano::engine {

TextDecoder::TextDecoder(std::vector<std::string> stopStrings) : m_stopStrings(std::move(stopStrings)) {
    std::erase_if(m_stopStrings, [](const std::string& stop) { return stop.empty() || !isValidUtf8(stop); });
}

std::string TextDecoder::push(std::string_view piece) {
    if (m_stopped) return {};
    m_bytes += piece;
    m_bytes.erase(0, appendUtf8(m_bytes, m_held));
    return takeCertain();
}

std::string TextDecoder::finish() {
    if (m_stopped) return {};
    if (!m_bytes.empty()) appendReplacement(m_held);
    m_bytes.clear();
    std::string text = takeCertain();
    return text + std::exchange(m_held, {});
}

std::string TextDecoder::takeCertain() {
    std::size_t stopBegin = m_held.size(), stopEnd = m_held.npos;
    for (const std::string& stop : m_stopStrings) {
        const std::size_t begin = m_held.find(stop);
        if (begin == m_held.npos) continue;
        const std::size_t end = begin + stop.size();
        if (end > stopEnd || (end == stopEnd && begin >= stopBegin)) continue;
        stopBegin = begin;
        stopEnd = end;
        m_stopString = stop;
    }
    m_stopped = stopEnd != m_held.npos;
    std::string certain = m_held.substr(0, m_stopped ? stopBegin : m_held.size() - heldBack());
    m_held.erase(0, m_stopped ? m_held.size() : certain.size());
    return certain;
}

std::size_t TextDecoder::heldBack() const {
    std::size_t longest = 0;
    for (const std::string& stop : m_stopStrings)
        for (std::size_t size = std::min(stop.size() - 1, m_held.size()); size > longest; --size)
            if (m_held.ends_with(std::string_view(stop).substr(0, size))) longest = size;
    return longest;
}

} // namespace altiplano::engine
