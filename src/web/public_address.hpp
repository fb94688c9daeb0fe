#pragma once

#include <string>
#include <string_view>

namespace approvekit::web {

/// The path under which a server serves all that it serves: "/approvals", or empty for "/". `text` may end with a slash.
///
/// Strict, since proxies, browsers and this server each have rules of their own for what is equal: parts of letters,
/// digits, '-', '_', '.' and '~' between single slashes, none of them "." or "..", 64 bytes at most. Throws Error
/// (invalid_option) that says what is wrong.
[[nodiscard]] std::string read_base_path(std::string_view text);

/// The Host that browsers send to "https://review.example.org": "review.example.org".
///
/// `origin` must be as browsers write it: http or https, a name in lower case or an address, a port only where it is not
/// the usual one, and no path. Throws Error (invalid_option) that says what is wrong.
[[nodiscard]] std::string host_of_origin(std::string_view origin);

/// A file of the page for a server under `base_path`: the addresses that its markup names begin with it.
[[nodiscard]] std::string under_base_path(std::string_view html, std::string_view base_path);

}  // namespace approvekit::web
