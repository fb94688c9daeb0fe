#pragma once

#include "web/answer.hpp"
#include "web/connection_pool.hpp"

#include <chrono>
#include <memory>

namespace approvekit::web {

/// Writes answers to connections as HTTP: status line, headers, length, and the pieces of a stream. The only place that
/// knows cpp-httplib, whose part this is.
///
/// The library answers what it has read, so it is given a request to read: always the same two lines of ours. Nothing
/// of what a client sent reaches it, and it waits for nobody. That is what keeps all its releases alike; docs/security.md
/// tells what they do otherwise.
class AnswerWriter {
public:
    AnswerWriter();
    ~AnswerWriter();

    AnswerWriter(const AnswerWriter&) = delete;
    AnswerWriter& operator=(const AnswerWriter&) = delete;

    /// Writes `answer` to `connection`, which counts as busy but for the time that it keeps the answer waiting:
    /// `patience` in all, and more only for what it reads meanwhile (Socket::write). Returns when a stream has ended,
    /// too. False: the answer could not be written whole. Throws std::bad_alloc, and has written some of it or nothing
    /// then. Thread-safe.
    [[nodiscard]] bool write(const Answer& answer, bool keeps_alive, ClientConnection& connection,
                             std::chrono::milliseconds patience);

private:
    class Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace approvekit::web
