#pragma once

#include "web/answer.hpp"

#include <cstddef>
#include <map>
#include <optional>
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

    /// The value of a header by its lower-case name.
    [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;

    /// Nothing when the request does not say how long its body is.
    [[nodiscard]] std::optional<std::size_t> content_length() const;
};

/// Reads `text`, which ends with its empty line. Strict, since a lenient reader is one that two parties can
/// understand differently: bare line ends, folded lines, control characters, white space around names, a header of
/// ours that appears twice and a length that is not a plain number are all refused, with the answer to give.
[[nodiscard]] std::variant<RequestHead, Answer> parse_request_head(std::string_view text);

}  // namespace approvekit::web
