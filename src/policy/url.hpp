#pragma once

#include "policy/truth.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace approvekit::policy {

/// The host of a URL, or the domain of an address, in the one form in which hosts are compared. A value.
struct HostName {
    std::string text;  ///< lower case, no dot at its end; an address of IPv6 as the system writes it, in brackets
    bool is_address = false;  ///< of IPv4 or IPv6
    bool is_encoded = false;  ///< has a label that stands for letters beyond ASCII ("xn--")
};

/// Nothing for what is not a host of exactly one meaning: letters beyond ASCII, percent signs, addresses of IPv4 in other
/// than four decimal numbers, addresses of IPv4 within IPv6, underscores, empty labels.
[[nodiscard]] std::optional<HostName> parse_host(std::string_view text);

/// A list of hosts: `example.com` is that one, `*.example.org` each below `example.org` and not itself. A value.
class HostPatterns {
public:
    /// Why `text` is no entry of such a list; empty when it is one, and then it counts.
    [[nodiscard]] std::string add(std::string_view text);

    /// Unknown for a host that is not on the list and could be another one in another spelling.
    [[nodiscard]] Truth match(const HostName& host) const;

private:
    std::vector<std::string> hosts_;
    std::vector<std::string> suffixes_;  // with the dot before them
};

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
