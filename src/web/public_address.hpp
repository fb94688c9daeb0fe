#pragma once

#include <string>
#include <string_view>

namespace approvekit::web {

/// Returns the path under which a server serves everything: "/approvals", or empty for "/". `text` may end with a
/// slash.
///
/// Strict, since proxies, browsers and this server each have rules of their own for what is equal. The path has parts
/// of letters, digits, '-', '_', '.' and '~' between single slashes, none of them "." or "..", and 64 bytes at most.
/// Throws Error (invalid_option), which says what is wrong.
[[nodiscard]] std::string read_base_path(std::string_view text);

/// Returns the Host that browsers send to "https://review.example.org": "review.example.org".
///
/// `origin` must be as browsers write it: http or https, a name in lower case or an address, a port only if it is not
/// the usual one, and no path. Throws Error (invalid_option), which says what is wrong.
[[nodiscard]] std::string host_of_origin(std::string_view origin);

/// Returns a file of the page for a server under `base_path`: the addresses in its markup begin with it.
[[nodiscard]] std::string under_base_path(std::string_view html, std::string_view base_path);

}  // namespace approvekit::web
