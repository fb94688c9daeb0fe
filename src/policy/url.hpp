#pragma once

#include "policy/truth.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::policy {

/// The host of a URL, or the domain of a mail address, in the form in which hosts are compared. A value.
struct HostName {
    std::string text;  ///< lower case, without a dot at its end; an IPv6 address as the system writes it, in brackets
    bool is_address = false;  ///< an IPv4 or IPv6 address
    bool is_encoded = false;  ///< has a label that stands for letters beyond ASCII ("xn--")
};

/// Returns nothing for a text that is not a host with exactly one meaning: letters beyond ASCII, percent signs, IPv4
/// addresses that are not four decimal numbers, IPv4 addresses within IPv6, underscores, empty labels.
[[nodiscard]] std::optional<HostName> parse_host(std::string_view text);

/// A list of hosts. `example.com` is that host; `*.example.org` is every host below `example.org`, but not that one. A
/// value.
class HostPatterns {
public:
    /// Adds `text` and returns an empty text, or returns why it is not an entry of such a list.
    [[nodiscard]] std::string add(std::string_view text);

    /// Returns unknown for a host that is not on the list but could be another one in another spelling.
    [[nodiscard]] Truth match(const HostName& host) const;

private:
    std::vector<std::string> hosts_;
    std::vector<std::string> suffixes_;  // with the dot before them
};

/// A URL with a host, as far as conditions look at it. A value.
struct Url {
    std::string scheme;  ///< in lower case
    HostName host;
    std::optional<int> port;  ///< that of the scheme if none is written; missing if the scheme is unknown
};

/// Returns nothing for a text that is not exactly one such URL to every reader: user names, backslashes, blanks, line
/// breaks, characters beyond ASCII, a host that parse_host() does not take, an empty port.
[[nodiscard]] std::optional<Url> parse_url(std::string_view text);

/// Returns the domain of a text that is exactly one mail address, without a display name, comments, quotes or a route.
[[nodiscard]] std::optional<HostName> parse_email_domain(std::string_view text);

}  // namespace approvekit::policy
