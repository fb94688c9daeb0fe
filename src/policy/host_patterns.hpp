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

}  // namespace approvekit::policy
