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

/// Whether a header's value may contain the character. Bytes beyond ASCII are allowed: some clients send names of
/// people as they are.
[[nodiscard]] bool is_header_character(char character);

/// The first lines of a request as they came; nothing is decoded.
struct RequestHead {
    std::string method;
    std::string path;   ///< "/api/requests"
    std::string query;  ///< without its question mark
    bool keeps_alive = true;
    std::map<std::string, std::string, std::less<>> headers;  ///< by lower-case name
    std::set<std::string, std::less<>> repeated{};            ///< the names of those that came in several lines

    /// Returns the value of a header. `name` must be in lower case.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;

    [[nodiscard]] bool is_repeated(std::string_view name) const { return repeated.contains(name); }

    /// Returns nothing if the request does not say how long its body is.
    [[nodiscard]] std::optional<std::size_t> content_length() const;
};

/// Reads `text`, which must end with its empty line. Strict, since two parties can understand a lenient reader
/// differently. It refuses, with the answer to give: bare line ends, folded lines, control characters, white space
/// around names, a header that we use and that appears twice, and a length that is not a plain number.
[[nodiscard]] std::variant<RequestHead, Answer> parse_request_head(std::string_view text);

/// How long the server waits for a client.
struct Patience {
    std::chrono::milliseconds idle{30'000};  ///< for the first byte of a request
    std::chrono::milliseconds head{10'000};  ///< for the rest of its head, in all
    std::chrono::milliseconds body{10'000};  ///< for its body, in all
    std::chrono::milliseconds write{10'000};
    std::chrono::milliseconds farewell{2'000};  ///< for what a refused client still sends
};

/// Cuts the bytes of one connection into requests. Holds one head and one body at most. Not thread-safe.
class RequestReader {
public:
    enum class Result {
        complete,
        closed,  ///< the client is gone, or sent nothing
        cut,     ///< the client closed in the middle
        late,
        too_large
    };

    RequestReader(Socket& socket, Patience patience) : socket_(socket), patience_(patience) {}

    /// Reads the next head, with the empty line at its end, but without what its cookies say: nothing uses them, and
    /// every port of the machine can set as many as the browser keeps.
    [[nodiscard]] Result read_head(std::string& head);

    /// Reads the body of exactly that length, which follows the head. The caller limits the length.
    [[nodiscard]] Result read_body(std::size_t length, std::string& body);

private:
    [[nodiscard]] Result read_more(Socket::Deadline deadline);

    Socket& socket_;
    const Patience patience_;
    std::string buffer_;
};

}  // namespace approvekit::web
