#pragma once

#include "web/answer.hpp"
#include "web/socket.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>

namespace approvekit::web {

inline constexpr std::size_t maximum_head_bytes = std::size_t{16} * 1024;
inline constexpr std::size_t maximum_cookie_bytes = std::size_t{1024} * 1024;
inline constexpr std::size_t maximum_target_bytes = std::size_t{2} * 1024;
inline constexpr std::size_t maximum_path_bytes = 256;
inline constexpr std::size_t maximum_header_count = 64;

/// Whether a header's value may hold it. Bytes beyond ASCII are allowed: some clients send names of people as they are.
[[nodiscard]] bool is_header_character(char character);

/// The first lines of a request, as they came: nothing in them is decoded.
struct RequestHead {
    std::string method;
    std::string path;   ///< "/api/requests"
    std::string query;  ///< without its question mark
    bool keeps_alive = true;
    std::map<std::string, std::string, std::less<>> headers;  ///< by lower-case name
    std::set<std::string, std::less<>> repeated{};            ///< the names of those that came in several lines

    /// The value of a header by its lower-case name.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;

    [[nodiscard]] bool is_repeated(std::string_view name) const { return repeated.contains(name); }

    /// Nothing when the request does not say how long its body is.
    [[nodiscard]] std::optional<std::size_t> content_length() const;
};

/// Reads `text`, which ends with its empty line. Strict, since a lenient reader is one that two parties can
/// understand differently: bare line ends, folded lines, control characters, white space around names, a header of
/// ours that appears twice and a length that is not a plain number are all refused, with the answer to give.
[[nodiscard]] std::variant<RequestHead, Answer> parse_request_head(std::string_view text);

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
