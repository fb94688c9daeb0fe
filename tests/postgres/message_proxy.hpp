#pragma once

#include "postgres/proxy.hpp"

#include <atomic>
#include <chrono>
#include <stop_token>
#include <string>

namespace approvekit::testing {

/// What happens to a message between a client and the server of the tests, in either direction.
enum class MessageFault {
    delay,       ///< it arrives later, and so does everything after it in its direction
    drop,        ///< neither it nor anything after it arrives, in either direction; then the connection is cut
    cut,         ///< the connection is cut before it
    cut_behind,  ///< the connection is cut after it
    duplicate,   ///< it arrives twice
    outage,      ///< from this message on, every connection is cut, and no new one succeeds
    omit         ///< it does not arrive, but everything after it does
};

/// Which messages count until it is the turn of the one to disturb.
enum class MessageKind { any, row_of_answer };

/// Which number a client is told for its server process. A pooler tells a number of its own.
enum class ProcessNumber { told, replaced };

/// A proxy between clients and the server of the tests, which disturbs one of the messages of PostgreSQL's protocol.
/// Thread-safe.
class MessageProxy {
public:
    explicit MessageProxy(ProcessNumber number = ProcessNumber::told);

    /// The connection string that leads to the same database through this proxy.
    [[nodiscard]] std::string through(const std::string& connection) { return proxy_.through(connection); }

    /// Disturbs the n-th message of that kind from now on (from 1), counted over all connections together.
    void arm(int nth, MessageFault fault, MessageKind kind = MessageKind::any);
    /// Disturbs nothing any more. Returns whether that message came.
    bool disarm();

private:
    class Side;

    void carry(const std::stop_token& stop, base::FileDescriptor client, base::FileDescriptor server);
    /// Forwards the messages that have arrived completely. Returns false if the connection is over.
    bool pass(Side& from, Side& to);
    bool pass_one(std::string message, const Side& from, const Side& to);
    /// Whether it is this message's turn.
    bool is_hit(const std::string& message, const Side& from);

    ProcessNumber number_;
    std::atomic<int> left_ = 0;  ///< messages until the one to disturb; 0: none
    std::atomic<MessageFault> fault_ = MessageFault::cut;
    std::atomic<MessageKind> kind_ = MessageKind::any;
    std::atomic<bool> has_hit_ = false;
    std::atomic<bool> is_out_ = false;
    Proxy proxy_;
};

}  // namespace approvekit::testing
