#pragma once

#include "web/answer.hpp"
#include "web/connection_pool.hpp"

#include <chrono>
#include <memory>

namespace approvekit::web {

/// Writes answers to connections as HTTP: status line, headers, length, and the pieces of a stream. Only this class
/// knows cpp-httplib, which does that work.
///
/// The library answers what it has read, so it is given a request to read: always the same two lines of ours. Nothing
/// that a client sent reaches it, and it waits for nobody. That makes all its releases behave alike; docs/security.md
/// says what they would do otherwise.
class AnswerWriter {
public:
    AnswerWriter();
    ~AnswerWriter();

    AnswerWriter(const AnswerWriter&) = delete;
    AnswerWriter& operator=(const AnswerWriter&) = delete;

    /// Writes `answer` to `connection`. The connection counts as busy except while it keeps the answer waiting: for
    /// `patience` in all, and longer only for what it reads meanwhile (Socket::write). With a stream, returns when the
    /// stream has ended. Returns false if the answer could not be written completely. Throws std::bad_alloc, and has
    /// then written some of it or nothing. Thread-safe.
    [[nodiscard]] bool write(const Answer& answer, bool keeps_alive, ClientConnection& connection,
                             std::chrono::milliseconds patience);

private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace approvekit::web
