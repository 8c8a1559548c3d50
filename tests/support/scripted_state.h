#pragma once

#include "kernels/backend.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace altiplano::test {

/// The scripted device's complaint about a caller that breaks a promise of the kernels' interface.
inline void require(bool condition, const char* what) {
    if (!condition) throw std::logic_error(std::string("scripted device: ") + what);
}

/// KV pages that hold tokens in place of K and V.
class ScriptedState : public kernels::ExecutionState {
public:
    ScriptedState(std::uint32_t pageCount, std::uint64_t bytes) : m_pages(pageCount), m_bytes(bytes) {
        for (auto& page : m_pages)
            page.fill(kNothing);
    }
    std::uint64_t bytes() const override { return m_bytes; }
    void copyPage(std::uint32_t from, std::uint32_t to, std::uint32_t tokens) override {
        require(!isDecoding, "copyPage on a state that decodes");
        require(from != to && tokens > 0 && tokens <= kernels::kKvPageTokens, "copyPage");
        m_pages.at(to).fill(kNothing);
        std::copy_n(m_pages.at(from).begin(), tokens, m_pages.at(to).begin());
    }

    void write(std::span<const std::uint32_t> table, std::uint32_t position, std::int32_t token) {
        m_pages.at(table[position / kernels::kKvPageTokens])[position % kernels::kKvPageTokens] = token;
    }

    /// The first tokens of a sequence, as its pages have them.
    std::vector<std::int32_t> text(std::span<const std::uint32_t> table, std::uint32_t tokens) const {
        std::vector<std::int32_t> text;
        for (std::uint32_t i = 0; i < tokens; ++i)
            text.push_back(m_pages.at(table[i / kernels::kKvPageTokens])[i % kernels::kKvPageTokens]);
        require(std::find(text.begin(), text.end(), kNothing) == text.end(), "K/V that was never computed");
        return text;
    }

    std::uint32_t pageCount() const { return static_cast<std::uint32_t>(m_pages.size()); }

    bool isDecoding = false; ///< a decode loop has steps under way

private:
    static constexpr std::int32_t kNothing = -1;
    std::vector<std::array<std::int32_t, kernels::kKvPageTokens>> m_pages;
    std::uint64_t m_bytes;
};

} // namespace altiplano::test
