#pragma once

#include <stdexcept>
#include <string>

namespace altiplano::engine {

/// What kind of thing went wrong; the app chooses its way on by it.
enum class ErrorCode {
    File,        ///< cannot be opened or read
    BadFile,     ///< not a GGUF file, or a damaged or contradictory one
    Unsupported, ///< a good file of a kind that this engine does not run
    OutOfMemory, ///< a smaller setting may fit; the sentence names one
    BadRequest,  ///< the caller's input cannot be used
    Template,    ///< the chat template failed
    Device,      ///< the device failed or went away
    Cancelled,
};

/// Thrown inside engine, caught at its edge. what() is one line that a user can act on.
class Error : public std::runtime_error {
public:
    Error(ErrorCode code, const std::string& sentence) : std::runtime_error(sentence), m_code(code) {}
    ErrorCode code() const { return m_code; }

private:
    ErrorCode m_code;
};

} // namespace altiplano::engine
