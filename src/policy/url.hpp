#pragma once

#include "policy/host_patterns.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace approvekit::policy {

/// A URL with a host, as far as conditions look at it. A value.
struct Url {
    std::string scheme;  ///< in lower case
    HostName host;
    std::optional<int> port;  ///< that of the scheme where none is written; missing where the scheme is not a known one
};

/// Nothing for a text that is not exactly one such URL to every reader: user names, backslashes, blanks, line breaks,
/// characters beyond ASCII, a host that parse_host does not take, an empty port.
[[nodiscard]] std::optional<Url> parse_url(std::string_view text);

/// The domain of a text that is exactly one address of mail, without a display name, comments, quotes or a route.
[[nodiscard]] std::optional<HostName> parse_email_domain(std::string_view text);

}  // namespace approvekit::policy
