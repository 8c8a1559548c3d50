#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace altiplano::engine {

/// Turns the byte pieces of a token stream into text that can be shown: never half a UTF-8 character, and
/// never text that may yet turn out to be the start of a stop string. What comes out does not depend on how
/// the text is cut into pieces: the stop string that is complete first counts, and of several that are
/// complete at the same character the longest. State of one answer; not thread-safe.
class TextDecoder {
public:
    /// Stop strings that are empty or not valid UTF-8 can never be found and are ignored.
    explicit TextDecoder(std::vector<std::string> stopStrings = {});

    /// Takes the next piece and returns what is certain now. After a stop string was found (see stopped) the
    /// text before it has been returned and everything later is dropped.
    std::string push(std::string_view piece);

    /// The end of the stream: what was held back; half a character becomes U+FFFD, as invalid bytes did
    /// before.
    std::string finish();

    bool stopped() const { return m_stopped; }
    const std::string& stopString() const { return m_stopString; } ///< the one that was found

private:
    std::string takeCertain();    ///< from m_held, and looks for stop strings in it
    std::size_t heldBack() const; ///< how much of m_held's end begins a stop string

    std::vector<std::string> m_stopStrings;
    std::string m_bytes; ///< an incomplete character
    std::string m_held;  ///< complete text that may begin a stop string
    std::string m_stopString;
    bool m_stopped = false;
};

} // namespace altiplano::engine
