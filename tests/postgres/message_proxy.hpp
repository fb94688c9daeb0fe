#pragma once

#include "postgres/proxy.hpp"

#include <atomic>
#include <chrono>
#include <stop_token>
#include <string>

namespace approvekit::testing {

/// What becomes of a message between a client and the server of the tests, in either direction.
enum class MessageFault {
    delay,       ///< it comes later, and so does everything behind it in its direction
    drop,        ///< neither it nor anything behind it, in either direction, comes through; then the connection is cut
    cut,         ///< the connection is cut before it
    cut_behind,  ///< the connection is cut behind it
    duplicate,   ///< it comes twice
    outage       ///< from it on every connection is cut, and no new one comes about
};

/// What a client is told of the process that the server has for it. A pooler tells a number of its own.
enum class ProcessNumber { told, replaced };

/// Stands between clients and the server of the tests, and does something to one of the messages of PostgreSQL's protocol.
/// Thread-safe.
class MessageProxy {
public:
    explicit MessageProxy(ProcessNumber number = ProcessNumber::told);

    /// The connection string that leads to the same database through it.
    [[nodiscard]] std::string through(const std::string& connection) { return proxy_.through(connection); }

    /// Does that to the n-th message from now on, from 1, of all connections together.
    void arm(int nth, MessageFault fault);
    /// Does nothing any more. Returns whether it came to that message.
    bool disarm();

private:
    class Side;

    void carry(const std::stop_token& stop, base::FileDescriptor client, base::FileDescriptor server);
    /// Sends on what has come whole. False when the connection is over.
    bool pass(Side& from, Side& to);
    bool pass_one(std::string message, const Side& to);
    /// Whether it is this message's turn.
    bool is_hit();

    ProcessNumber number_;
    std::atomic<int> left_ = 0;  ///< messages up to the one; 0: none is meant
    std::atomic<MessageFault> fault_ = MessageFault::cut;
    std::atomic<bool> has_hit_ = false;
    std::atomic<bool> is_out_ = false;
    Proxy proxy_;
};

}  // namespace approvekit::testing
