#include "policy/host_patterns.hpp"

#include "text/ascii.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace approvekit::policy {
namespace {

constexpr std::size_t most_host_bytes = 253;
constexpr std::size_t most_label_bytes = 63;
constexpr std::string_view decimal_digits = "0123456789";
constexpr std::string_view label_characters = "abcdefghijklmnopqrstuvwxyz0123456789-";

bool consists_of(std::string_view text, std::string_view characters) {
    return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

std::vector<std::string_view> labels_of(std::string_view host) {
    std::vector<std::string_view> labels;
    for (std::size_t dot = host.find('.'); dot != std::string_view::npos; dot = host.find('.')) {
        labels.push_back(host.substr(0, dot));
        host.remove_prefix(dot + 1);
    }
    labels.push_back(host);
    return labels;
}

bool is_label(std::string_view label) {
    return consists_of(label, label_characters) && label.size() <= most_label_bytes && label.front() != '-' &&
           label.back() != '-';
}

/// Browsers take a host whose last label is a number, of any base, for an address.
bool ends_in_number(std::string_view last_label) {
    return consists_of(last_label, decimal_digits) ||
           (last_label.starts_with("0x") && last_label.find_first_not_of("0123456789abcdef", 2) == std::string::npos);
}

bool is_octet(std::string_view label) {
    const bool plain =
        consists_of(label, decimal_digits) && label.size() <= 3 && (label.size() == 1 || label[0] != '0');
    return plain && (label.size() < 3 || label <= "255");
}

std::optional<HostName> parse_ipv6(std::string_view inside) {
    in6_addr address{};
    const std::string text(inside);
    if (!consists_of(text, "0123456789abcdefABCDEF:.") || text.size() > INET6_ADDRSTRLEN ||
        ::inet_pton(AF_INET6, text.c_str(), &address) != 1)
        return std::nullopt;
    if (IN6_IS_ADDR_V4MAPPED(&address) || IN6_IS_ADDR_V4COMPAT(&address)) return std::nullopt;
    std::array<char, INET6_ADDRSTRLEN> written{};
    if (::inet_ntop(AF_INET6, &address, written.data(), written.size()) == nullptr) return std::nullopt;
    return HostName{.text = "[" + std::string(written.data()) + "]", .is_address = true};
}

}  // namespace

std::optional<HostName> parse_host(std::string_view text) {
    if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
        return parse_ipv6(text.substr(1, text.size() - 2));
    }
    HostName host{.text = text::lower_case(text)};
    if (host.text.ends_with('.')) host.text.pop_back();
    if (host.text.size() > most_host_bytes) return std::nullopt;

    const std::vector<std::string_view> labels = labels_of(host.text);
    if (!std::all_of(labels.begin(), labels.end(), is_label)) return std::nullopt;
    host.is_encoded = std::any_of(labels.begin(), labels.end(), [](std::string_view label) {
        return label.size() > 3 && label.substr(2, 2) == "--";
    });
    if (ends_in_number(labels.back())) {
        host.is_address = labels.size() == 4 && std::all_of(labels.begin(), labels.end(), is_octet);
        if (!host.is_address || text.ends_with('.')) return std::nullopt;
    }
    return host;
}

std::string HostPatterns::add(std::string_view text) {
    const bool is_below = text.starts_with("*.");
    const auto host = parse_host(is_below ? text.substr(2) : text);
    if (!host || host->text.size() + (is_below ? 2 : 0) != text.size()) {
        return "is not a host; expected one such as example.com or *.example.org, letters beyond ASCII as xn--";
    }
    if (is_below && host->is_address) return "is not a host: nothing is below an address";
    (is_below ? suffixes_ : hosts_).push_back(is_below ? "." + host->text : host->text);
    return {};
}

Truth HostPatterns::match(const HostName& host) const {
    const bool is_listed = std::find(hosts_.begin(), hosts_.end(), host.text) != hosts_.end();
    const bool is_below = std::any_of(suffixes_.begin(), suffixes_.end(), [&](const std::string& suffix) {
        return host.text.size() > suffix.size() && host.text.ends_with(suffix);
    });
    if (is_listed || is_below) return Truth::yes;
    return host.is_encoded ? Truth::unknown : Truth::no;
}

}  // namespace approvekit::policy
