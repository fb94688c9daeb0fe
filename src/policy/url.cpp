#include "policy/url.hpp"

#include "policy/value_test.hpp"
#include "text/ascii.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

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

/// Browsers take a host whose last label is a number, in any base, for an address.
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

constexpr std::string_view url_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view url_digits = "0123456789";
constexpr std::string_view scheme_marks = "+-.";
constexpr std::string_view behind_host_marks = "-._~:/?#[]@!$&'()*+,;=%";
constexpr std::string_view local_part_marks = "-._+=#$&'*/?^{}~";  // no % and no !, which were once used to route mail

struct KnownPort {
    std::string_view scheme;
    int port;
};
constexpr std::array<KnownPort, 6> known_ports = {
    {{"http", 80}, {"https", 443}, {"ws", 80}, {"wss", 443}, {"ftp", 21}, {"ssh", 22}}};

bool has_only(std::string_view text, std::string_view marks) {
    return std::all_of(text.begin(), text.end(), [marks](char c) {
        return url_letters.find(c) != std::string_view::npos || url_digits.find(c) != std::string_view::npos ||
               marks.find(c) != std::string_view::npos;
    });
}

bool is_scheme(std::string_view text) {
    return !text.empty() && url_letters.find(text.front()) != std::string_view::npos && has_only(text, scheme_marks);
}

std::optional<int> port_of_scheme(std::string_view scheme) {
    const auto* const known = std::find_if(known_ports.begin(), known_ports.end(),
                                           [scheme](const KnownPort& port) { return port.scheme == scheme; });
    return known == known_ports.end() ? std::nullopt : std::optional(known->port);
}

std::optional<int> parse_port(std::string_view digits) {
    constexpr int highest = 65535;
    int port = 0;
    const bool plain = !digits.empty() && digits.size() <= 5 &&
                       digits.find_first_not_of(url_digits) == std::string_view::npos && digits.front() != '0';
    if (!plain) return std::nullopt;
    std::from_chars(digits.data(), digits.data() + digits.size(), port);
    return port <= highest ? std::optional(port) : std::nullopt;
}

/// Takes the host and the port from the text between "//" and the path.
bool read_authority(std::string_view authority, Url& url) {
    const std::size_t behind_address = authority.starts_with('[') ? authority.find(']') : 0;
    if (behind_address == std::string_view::npos) return false;
    const std::size_t colon = authority.find(':', behind_address);
    auto host = parse_host(authority.substr(0, colon));
    if (!host) return false;
    url.host = *std::move(host);
    url.port = colon == std::string_view::npos ? port_of_scheme(url.scheme) : parse_port(authority.substr(colon + 1));
    return colon == std::string_view::npos || url.port.has_value();
}

class UrlTest final : public ValueTest {
public:
    explicit UrlTest(UrlTerms terms) : terms_(std::move(terms)) {}

    [[nodiscard]] Truth judge(const Json& value) const override {
        const auto url = value.is_string() ? parse_url(value.get_ref<const std::string&>()) : std::nullopt;
        if (!url) return Truth::unknown;
        Truth truth = terms_.hosts ? terms_.hosts->match(url->host) : Truth::yes;
        if (!terms_.schemes.empty()) truth = both(truth, truth_of(is_in(terms_.schemes, url->scheme)));
        if (!terms_.ports.empty()) {
            truth = both(truth, url->port ? truth_of(is_in(terms_.ports, *url->port)) : Truth::unknown);
        }
        return truth;
    }

private:
    [[nodiscard]] static bool is_in(const auto& list, const auto& value) {
        return std::find(list.begin(), list.end(), value) != list.end();
    }

    UrlTerms terms_;
};

class EmailTest final : public ValueTest {
public:
    explicit EmailTest(HostPatterns domains) : domains_(std::move(domains)) {}

    [[nodiscard]] Truth judge(const Json& value) const override {
        const auto domain = value.is_string() ? parse_email_domain(value.get_ref<const std::string&>()) : std::nullopt;
        return domain ? domains_.match(*domain) : Truth::unknown;
    }

private:
    HostPatterns domains_;
};

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

std::optional<Url> parse_url(std::string_view text) {
    const std::size_t colon = text.find("://");
    if (colon == std::string_view::npos || !is_scheme(text.substr(0, colon))) return std::nullopt;
    Url url;
    url.scheme = text::lower_case(text.substr(0, colon));
    const std::string_view rest = text.substr(colon + 3);
    const std::size_t end = rest.find_first_of("/?#");
    if (!read_authority(rest.substr(0, end), url)) return std::nullopt;
    const std::string_view behind_host = end == std::string_view::npos ? std::string_view() : rest.substr(end);
    // Some readers look for the user before they look for the end of the host.
    const bool may_have_user = !behind_host.starts_with('/') && behind_host.find('@') != std::string_view::npos;
    if (may_have_user) return std::nullopt;
    return has_only(behind_host, behind_host_marks) ? std::optional(std::move(url)) : std::nullopt;
}

std::optional<HostName> parse_email_domain(std::string_view text) {
    constexpr std::size_t most_local_bytes = 64;
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos || at == 0 || at > most_local_bytes) return std::nullopt;
    const std::string_view local = text.substr(0, at);
    const bool plain = has_only(local, local_part_marks) && local.front() != '.' && local.back() != '.' &&
                       local.front() != '-' && local.find("..") == std::string_view::npos &&
                       local.find("=?") == std::string_view::npos;  // an encoded word, which mail libraries decode
    auto domain = parse_host(text.substr(at + 1));
    const bool usable = plain && domain && !domain->is_address && !text.ends_with('.');
    return usable ? std::move(domain) : std::nullopt;
}

ValueTestPtr url_with(UrlTerms terms) {
    return std::make_shared<UrlTest>(std::move(terms));
}

ValueTestPtr email_with(HostPatterns domains) {
    return std::make_shared<EmailTest>(std::move(domains));
}

}  // namespace approvekit::policy
