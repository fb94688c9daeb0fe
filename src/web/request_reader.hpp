#pragma once

#include "web/socket.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace approvekit::web {

/// How long the server waits for a client.
struct Patience {
    std::chrono::milliseconds idle{30'000};  ///< for the first byte of a request
    std::chrono::milliseconds head{10'000};  ///< for the rest of its head, in all
    std::chrono::milliseconds body{10'000};  ///< for its body, in all
    std::chrono::milliseconds write{10'000};
    std::chrono::milliseconds farewell{2'000};  ///< for what a refused client still sends
};

/// Cuts the bytes of one connection into requests. Holds a head and a body at most. Not thread-safe.
class RequestReader {
public:
    enum class Result {
        complete,
        closed,  ///< the client is gone, or came back with nothing
        cut,     ///< the client closed in the middle
        late,
        too_large
    };

    RequestReader(Socket& socket, Patience patience) : socket_(socket), patience_(patience) {}

    /// The next head, with the empty line at its end, and without what its cookies say: nothing is done with them, and
    /// every port of the machine can set as many as the browser keeps.
    [[nodiscard]] Result read_head(std::string& head);

    /// The body of exactly that length that follows the head. The caller limits the length.
    [[nodiscard]] Result read_body(std::size_t length, std::string& body);

private:
    [[nodiscard]] Result read_more(Socket::Deadline deadline);

    Socket& socket_;
    const Patience patience_;
    std::string buffer_;
};

}  // namespace approvekit::web
